// Fields → header blocks (RFC 7541). What comes again and again is one byte. Pure.
import type { ReadonlyFields } from '../header-fields.ts';
import type { FieldName, FieldNames } from './field-names.ts';
import { defaultTableBytes } from './hpack-decoder.ts';
import { entryOverheadBytes, lastStaticIndex } from './hpack-static-table.ts';
import { encodeHuffman, huffmanBytes } from './huffman.ts';

/** What a field may take besides its text, and a block besides its fields: numbers of at most 6 bytes. */
const maxFieldOverhead = 18;

/** A name of the table: its values by the number of their entry, and the newest of those. */
type Known = { readonly values: Map<string, number>; newest: number };

/** Writes the blocks of one direction of one connection, in their order. */
export class HpackEncoder {
  readonly #names: FieldNames;
  readonly #largestTable: number;
  readonly #byName = new Map<string, Known>();
  /** Entries, oldest first, as name, value, name, value …; those before `#oldest` are gone. */
  #entries: string[] = [];
  #oldest = 0;
  /** How many have ever entered: the number of the newest. */
  #entered = 0;
  #tableBytes = 0;
  #maxTableBytes = defaultTableBytes;
  /** Sizes that the next block has to begin with (RFC 7541 §4.2); -1 for none. */
  #smallestSize = -1;
  #lastSize = -1;

  /** `largestTable`: more is not used, whatever the peer allows. */
  constructor(names: FieldNames, largestTable: number) {
    this.#names = names;
    this.#largestTable = largestTable;
    if (largestTable < defaultTableBytes) this.#resize(largestTable);
  }

  /** The peer has set SETTINGS_HEADER_TABLE_SIZE. */
  allow(bytes: number): void {
    const size = Math.min(bytes, this.#largestTable);
    if (size !== this.#maxTableBytes) this.#resize(size);
  }

  /** No block of these fields is larger. */
  static maxBytes(fields: ReadonlyFields): number {
    let bytes = maxFieldOverhead;
    for (let at = 0; at < fields.length; at += 2) {
      bytes += (fields[at] as string).length + (fields[at + 1] as string).length + maxFieldOverhead;
    }
    return bytes;
  }

  /** Writes a block; gives the place behind it. There must be `maxBytes` of room. Names may be spelled as they like. */
  encode(fields: ReadonlyFields, into: Buffer, from: number): number {
    let at = this.#writeSizes(into, from);
    for (let index = 0; index < fields.length; index += 2) {
      at = this.#encodeField(this.#names(fields[index] as string), fields[index + 1] as string, into, at);
    }
    return at;
  }

  #encodeField(field: FieldName, value: string, into: Buffer, at: number): number {
    const fixed = field.staticValues?.get(value);
    if (fixed !== undefined) return writeInteger(into, at, 0x80, 7, fixed);
    const known = this.#byName.get(field.name);
    const number = known?.values.get(value);
    if (number !== undefined) return writeInteger(into, at, 0x80, 7, this.#indexOf(number));
    const nameIndex =
      field.staticIndex > 0 || known === undefined ? field.staticIndex : this.#indexOf(known.newest);
    const bytes = field.name.length + value.length + entryOverheadBytes;
    // One that fills most of the table would push out all others.
    const isIndexed = field.indexing === 'index' && 2 * bytes <= this.#maxTableBytes;
    const end = isIndexed
      ? writeInteger(into, at, 0x40, 6, nameIndex)
      : writeInteger(into, at, field.indexing === 'never' ? 0x10 : 0, 4, nameIndex);
    if (isIndexed) this.#add(field.name, value, bytes);
    return writeText(into, nameIndex === 0 ? writeText(into, end, field.name) : end, value);
  }

  #writeSizes(into: Buffer, from: number): number {
    if (this.#lastSize < 0) return from;
    let at = from;
    if (this.#smallestSize < this.#lastSize) at = writeInteger(into, at, 0x20, 5, this.#smallestSize);
    at = writeInteger(into, at, 0x20, 5, this.#lastSize);
    this.#smallestSize = -1;
    this.#lastSize = -1;
    return at;
  }

  #resize(size: number): void {
    this.#smallestSize = this.#smallestSize < 0 ? size : Math.min(this.#smallestSize, size);
    this.#lastSize = size;
    this.#maxTableBytes = size;
    this.#evict(0);
  }

  #indexOf(number: number): number {
    return lastStaticIndex + 1 + this.#entered - number;
  }

  #add(name: string, value: string, bytes: number): void {
    this.#evict(bytes);
    this.#entries.push(name, value);
    this.#tableBytes += bytes;
    this.#entered += 1;
    const known = this.#byName.get(name);
    if (known === undefined) {
      this.#byName.set(name, { values: new Map([[value, this.#entered]]), newest: this.#entered });
      return;
    }
    known.values.set(value, this.#entered);
    known.newest = this.#entered;
  }

  #evict(room: number): void {
    while (this.#tableBytes + room > this.#maxTableBytes && this.#oldest < this.#entries.length) {
      const name = this.#entries[this.#oldest] as string;
      const value = this.#entries[this.#oldest + 1] as string;
      this.#tableBytes -= name.length + value.length + entryOverheadBytes;
      this.#oldest += 2;
      const known = this.#byName.get(name);
      known?.values.delete(value);
      if (known?.values.size === 0) this.#byName.delete(name);
    }
    if (this.#oldest > 2 * entryOverheadBytes && 2 * this.#oldest > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}

/** RFC 7541 §5.1. */
function writeInteger(into: Buffer, from: number, flags: number, prefixBits: number, value: number): number {
  const mask = (1 << prefixBits) - 1;
  let at = from;
  if (value < mask) {
    into[at++] = flags | value;
    return at;
  }
  into[at++] = flags | mask;
  let rest = value - mask;
  for (; rest >= 128; rest >>>= 7) into[at++] = (rest & 127) | 128;
  into[at++] = rest;
  return at;
}

/** RFC 7541 §5.2: in the Huffman code where that is shorter. */
function writeText(into: Buffer, from: number, text: string): number {
  const coded = huffmanBytes(text);
  if (coded < text.length) return encodeHuffman(text, into, writeInteger(into, from, 0x80, 7, coded));
  const at = writeInteger(into, from, 0, 7, text.length);
  into.write(text, at, 'latin1');
  return at + text.length;
}
