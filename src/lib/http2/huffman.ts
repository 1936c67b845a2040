// The Huffman code of HPACK (RFC 7541 §5.2, Appendix B): text to bits, and back by a table that takes four bits at a time.
// Pure.

/**
 * Bits of the code of each byte, and of EOS at the end (RFC 7541 Appendix B). The code is canonical: shorter ones first,
 * equally long ones by the value of their symbol; so the lengths say all.
 */
const lengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const endOfString = 256;
const longest = 30;

const codes = new Uint32Array(257);
const codeLengths = Uint8Array.from(lengths);

/**
 * Of each inner node of the code's tree and each four bits: the node after them (8 bits), a symbol that they complete
 * (8 bits) and whether they do (1 bit). A code has 5 bits at least, so four complete one at most. -1: not in the code.
 */
const steps = new Int32Array(256 * 16).fill(-1);
const completes = 1 << 16;
/** Whether a text may end at a node: behind less than a byte of ones (RFC 7541 §5.2). */
const mayEnd = new Uint8Array(256);

buildTables();

function buildTables(): void {
  let code = 0;
  for (let length = 1; length <= longest; length++) {
    for (let symbol = 0; symbol <= endOfString; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = code++;
    }
    code <<= 1;
  }
  // Children of inner nodes: inner nodes as they are, leaves as -1 - symbol.
  const children: [number, number][] = [[0, 0]];
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    let node = 0;
    for (let bit = (lengths[symbol] as number) - 1; bit >= 0; bit--) {
      const side = ((codes[symbol] as number) >>> bit) & 1;
      const pair = children[node] as [number, number];
      if (bit === 0) pair[side] = -1 - symbol;
      else if (pair[side] === 0) pair[side] = children.push([0, 0]) - 1;
      node = pair[side] as number;
    }
  }
  for (let node = 0; node < children.length; node++) {
    for (let bits = 0; bits < 16; bits++) steps[node * 16 + bits] = stepOf(children, node, bits);
  }
  for (let node = 0, depth = 0; depth < 8; depth++) {
    mayEnd[node] = 1;
    node = (children[node] as [number, number])[1];
  }
}

function stepOf(children: readonly (readonly [number, number])[], from: number, bits: number): number {
  let node = from;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = (children[node] as readonly [number, number])[((bits >>> bit) & 1) as 0 | 1];
    if (child >= 0) node = child;
    else {
      const symbol = -1 - child;
      if (symbol === endOfString) return -1;
      emitted = completes | (symbol << 8);
      node = 0;
    }
  }
  return emitted | node;
}

/** Most bytes that so many coded ones can become. */
export function maxDecodedBytes(coded: number): number {
  return Math.ceil((coded * 8) / 5);
}

/** Writes what the bytes between `at` and `end` stand for; gives its length, or -1 when they are no text of this code. */
export function decodeHuffman(bytes: Uint8Array, at: number, end: number, into: Uint8Array): number {
  let node = 0;
  let length = 0;
  for (let place = at; place < end; place++) {
    const byte = bytes[place] as number;
    const high = steps[(node << 4) | (byte >>> 4)] as number;
    if (high < 0) return -1;
    if (high >= completes) into[length++] = high >>> 8;
    const low = steps[((high & 255) << 4) | (byte & 15)] as number;
    if (low < 0) return -1;
    if (low >= completes) into[length++] = low >>> 8;
    node = low & 255;
  }
  return mayEnd[node] === 1 ? length : -1;
}

/** Bytes of a text of latin1 in this code. */
export function huffmanBytes(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at++) bits += codeLengths[text.charCodeAt(at) & 255] as number;
  return (bits + 7) >>> 3;
}

/** Writes a text of latin1 in this code; gives the place behind it. */
export function encodeHuffman(text: string, into: Uint8Array, from: number): number {
  let at = from;
  let pending = 0;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index) & 255;
    const length = codeLengths[symbol] as number;
    const code = codes[symbol] as number;
    // Up to 7 bits wait, and a code has up to 30: more than 32 are put in by two steps.
    if (length > 24) {
      pending = (pending << (length - 24)) | (code >>> 24);
      count += length - 24;
      for (; count >= 8; count -= 8) into[at++] = pending >>> (count - 8);
      pending = (pending << 24) | (code & 0xffffff);
      count += 24;
    } else {
      pending = (pending << length) | code;
      count += length;
    }
    for (; count >= 8; count -= 8) into[at++] = pending >>> (count - 8);
  }
  if (count > 0) into[at++] = (pending << (8 - count)) | (255 >>> count);
  return at;
}
