// Chunks that one read brought as a whole. A sender of single bytes brings some ten thousand of them with each read: they
// are found in one tight loop, and what is passed on is one chunk, so that nobody behind pays for each of them.

const cr = 13;
const lf = 10;
/** 2^52 bytes and more are no honest chunk. */
export const maxSizeDigits = 13;
/** Fewer are passed on as they came: to join them costs more than it spares. */
const minJoined = 8;
/** Chunks that are longer in the mean are passed on as they came. */
const maxJoinedMeanBytes = 256;

/** The value of a hexadecimal digit by its code; -1 for others. */
export const hexValues = new Int8Array(256).fill(-1);
for (const digit of '0123456789abcdefABCDEF') hexValues[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/**
 * Goes from chunk to chunk (RFC 9112 §7.1) as long as they are whole and plain: no extension, no last chunk. What ends it may
 * be right or wrong; that is for others to say.
 */
export class WholeChunks {
  /** Of the chunk that was found last. */
  dataStart = 0;
  dataEnd = 0;
  /** Behind that chunk; where it all begins before the first. */
  end: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.end = from;
  }

  /** Whether there is one more. */
  next(): boolean {
    const bytes = this.#bytes;
    const { length } = bytes;
    const lineStart = this.end;
    const digitsEnd = Math.min(length, lineStart + maxSizeDigits);
    let size = 0;
    let at = lineStart;
    for (; at < digitsEnd; at++) {
      const value = hexValues[bytes[at] as number] as number;
      if (value < 0) break;
      size = size * 16 + value;
    }
    const dataStart = at + 2;
    const dataEnd = dataStart + size;
    if (size === 0 || dataEnd + 2 > length || bytes[at] !== cr || bytes[at + 1] !== lf) return false;
    if (bytes[dataEnd] !== cr || bytes[dataEnd + 1] !== lf) return false;
    this.dataStart = dataStart;
    this.dataEnd = dataEnd;
    this.end = dataEnd + 2;
    return true;
  }
}

/** Whether so many chunks with so much data are worth joining. */
export function areWorthJoining(count: number, dataBytes: number): boolean {
  return count >= minJoined && dataBytes <= count * maxJoinedMeanBytes;
}

/** The data of all whole chunks from `from` on, of which there are `dataBytes`, as one chunk; `unwrapped`, without framing. */
export function joinChunks(bytes: Buffer, from: number, dataBytes: number, unwrapped: boolean): Buffer {
  const line = unwrapped ? '' : `${dataBytes.toString(16)}\r\n`;
  const joined = Buffer.allocUnsafe(line.length + dataBytes + (unwrapped ? 0 : 2));
  let to = joined.write(line, 'latin1');
  for (const chunks = new WholeChunks(bytes, from); chunks.next(); ) {
    // Few bytes are moved faster here than by a call.
    if (chunks.dataEnd - chunks.dataStart > 32)
      to += bytes.copy(joined, to, chunks.dataStart, chunks.dataEnd);
    else for (let at = chunks.dataStart; at < chunks.dataEnd; at++) joined[to++] = bytes[at] as number;
  }
  if (!unwrapped) joined.write('\r\n', to, 'latin1');
  return joined;
}
