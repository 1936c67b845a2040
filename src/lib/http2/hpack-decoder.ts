// Header blocks → fields (RFC 7541). A list is bounded while it is read: what passes the bound is followed only as far as
// the table needs it, so a few bytes that stand for megabytes ("HPACK bomb", CVE-2016-6581) cost nothing. Pure.
import type { Fields } from '../header-fields.ts';
import { isFieldName, isFieldValue } from './field-text.ts';
import { ConnectionFault, errorCode } from './frames.ts';
import {
  entryOverheadBytes,
  type HpackEntry,
  lastStaticIndex,
  staticTable,
  toEntry,
} from './hpack-static-table.ts';
import { decodeHuffman, maxDecodedBytes } from './huffman.ts';

/** What the two sides begin with (RFC 9113 §6.5.2). */
export const defaultTableBytes = 4096;

/** Larger numbers are nobody's (RFC 7541 §5.1 lets a decoder have a limit). */
const maxIntegerShift = 21;

/** The bound of one list. */
export type ListLimits = {
  /** As RFC 9113 §6.5.2 counts: 32 bytes for each field besides its text. */
  readonly maxBytes: number;
  readonly maxFields: number;
};

/** What a block says. */
export type HeaderList = {
  /** Without what is beyond the limits. */
  readonly fields: Fields;
  /** Of all fields, also those beyond the limits. */
  readonly bytes: number;
  readonly isTooLarge: boolean;
  /** A field has a name or value that no message may have (RFC 9113 §8.2.1). */
  readonly isMalformed: boolean;
};

/** Reads the blocks of one direction of one connection, in their order. */
export class HpackDecoder {
  readonly #limits: ListLimits;
  /** Newest last; those before `#oldest` are gone. */
  #entries: (HpackEntry | undefined)[] = [];
  #oldest = 0;
  #tableBytes = 0;
  #maxTableBytes = defaultTableBytes;
  /** What the peer may set it to. */
  #allowedTableBytes = defaultTableBytes;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(limits: ListLimits) {
    this.#limits = limits;
  }

  /** The peer has acknowledged so many bytes as the largest table (SETTINGS_HEADER_TABLE_SIZE). */
  allow(bytes: number): void {
    this.#allowedTableBytes = bytes;
  }

  /** @throws ConnectionFault COMPRESSION_ERROR: the tables of both sides differ from now on (RFC 9113 §4.3). */
  decode(block: Buffer): HeaderList {
    this.#block = block;
    this.#at = 0;
    this.#readSizes();
    const fields: Fields = [];
    const { maxBytes, maxFields } = this.#limits;
    let bytes = 0;
    let count = 0;
    let isMalformed = false;
    while (this.#at < block.length) {
      const first = block[this.#at] as number;
      const entry = first >= 0x80 ? this.#entry(this.#readInteger(7)) : this.#readLiteral(first);
      bytes += entry.bytes;
      count += 1;
      if (bytes <= maxBytes && count <= maxFields) fields.push(entry.name, entry.value);
      if (entry.isMalformed) isMalformed = true;
    }
    return { fields, bytes, isTooLarge: bytes > maxBytes || count > maxFields, isMalformed };
  }

  /** RFC 7541 §4.2, §6.3: changes of size stand in front, and one must when the table has become larger than allowed. */
  #readSizes(): void {
    const block = this.#block;
    while (((block[this.#at] ?? 0) & 0xe0) === 0x20) {
      const size = this.#readInteger(5);
      if (size > this.#allowedTableBytes) throw fault('The table is made larger than allowed.');
      this.#maxTableBytes = size;
      this.#evict(0);
    }
    if (this.#maxTableBytes > this.#allowedTableBytes) throw fault('The table is larger than allowed.');
  }

  #readLiteral(first: number): HpackEntry {
    if ((first & 0xe0) === 0x20) throw fault('The size of the table changes within a block.');
    const isIndexed = first >= 0x40;
    const index = this.#readInteger(isIndexed ? 6 : 4);
    const named = index === 0 ? undefined : this.#entry(index);
    const name = named?.name ?? this.#readText();
    const value = this.#readText();
    // The name of an entry that is well formed has been looked at.
    const isNamed = named?.isMalformed === false || isFieldName(name);
    const entry = toEntry(name, value, !isNamed || !isFieldValue(value));
    if (isIndexed) this.#add(entry);
    return entry;
  }

  #add(entry: HpackEntry): void {
    this.#evict(entry.bytes);
    // RFC 7541 §4.4: one that is larger than the table empties it, and is no error.
    if (entry.bytes > this.#maxTableBytes) return;
    this.#entries.push(entry);
    this.#tableBytes += entry.bytes;
  }

  #evict(room: number): void {
    while (this.#tableBytes + room > this.#maxTableBytes && this.#oldest < this.#entries.length) {
      this.#tableBytes -= (this.#entries[this.#oldest] as HpackEntry).bytes;
      this.#entries[this.#oldest] = undefined;
      this.#oldest += 1;
    }
    if (this.#oldest > entryOverheadBytes && 2 * this.#oldest > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  #entry(index: number): HpackEntry {
    const place = this.#entries.length - (index - lastStaticIndex);
    const entry = index <= lastStaticIndex ? staticTable[index] : this.#entries[place];
    if (entry === undefined) throw fault('An index stands for nothing.');
    return entry;
  }

  /** RFC 7541 §5.1. */
  #readInteger(prefixBits: number): number {
    const block = this.#block;
    const mask = (1 << prefixBits) - 1;
    let value = (block[this.#at++] ?? 0) & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= maxIntegerShift; shift += 7) {
      const byte = block[this.#at++];
      if (byte === undefined) break;
      value += (byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw fault('A number has no end.');
  }

  /** RFC 7541 §5.2. */
  #readText(): string {
    const block = this.#block;
    const isCoded = (block[this.#at] ?? 0) >= 0x80;
    const length = this.#readInteger(7);
    const from = this.#at;
    const to = from + length;
    if (to > block.length || this.#at > block.length) throw fault('A text has no end.');
    this.#at = to;
    if (!isCoded) return block.toString('latin1', from, to);
    const text = Buffer.allocUnsafe(maxDecodedBytes(length));
    const decoded = decodeHuffman(block, from, to, text);
    if (decoded < 0) throw fault('A text is no Huffman code.');
    return text.toString('latin1', 0, decoded);
  }
}

function fault(message: string): ConnectionFault {
  return new ConnectionFault(errorCode.compressionError, message);
}
