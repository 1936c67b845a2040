// The body of one request on its way to a replica: followed to its end, passed on in its own framing, held back while no
// connection stands, so that a replica that refuses has taken nothing.
import type { WireLink } from '../../live-state/upstream.ts';
import { ChunkScanner, type ChunkSink } from '../../upstream/wire/chunk-scanner.ts';
import { readTrailers } from '../../upstream/wire/field-lines.ts';
import type { RequestHead } from './request-head.ts';

/** The last chunk. Trailers of requests are dropped, as RFC 9110 §6.5.1 allows. */
const lastChunk = Buffer.from('0\r\n\r\n', 'latin1');

/** Follows one body. */
export class RequestBody implements ChunkSink {
  /** Whether it has come to its end. */
  isWhole: boolean;
  /** Whether the client should wait: nobody takes more for now. */
  isFull = false;
  readonly #chunks: ChunkScanner | undefined;
  #left: number;
  #length = 0;
  #link: WireLink | undefined;
  #held: Buffer[] = [];
  #isDiscarded = false;

  constructor(head: RequestHead) {
    this.isWhole = head.framing === 'none';
    this.#left = head.length;
    this.#chunks = head.framing === 'chunked' ? new ChunkScanner(this, false) : undefined;
  }

  /** Bytes of data so far. */
  get bytes(): number {
    return this.#chunks?.dataBytes ?? this.#length;
  }

  /** Whether nothing that came so far is held, here or on its way to the replica. */
  get isTaken(): boolean {
    return this.#isDiscarded || this.#link?.isDrained === true;
  }

  /** Takes what has come. Gives the place behind the body's end or the end of the bytes; -1 when it is badly framed. */
  take(bytes: Buffer, from: number): number {
    return this.#chunks === undefined
      ? this.#takeLength(bytes, from)
      : this.#takeChunks(this.#chunks, bytes, from);
  }

  onChunkBytes(part: Buffer): void {
    if (this.#isDiscarded) return;
    if (this.#link === undefined) {
      this.#held.push(part);
      this.isFull = true;
    } else if (!this.#link.writeBody(part)) this.isFull = true;
  }

  /** The connection on which the head has been written: what was held follows. */
  sendTo(link: WireLink): void {
    const held = this.#held;
    this.#held = [];
    this.#link = link;
    this.isFull = false;
    for (const part of held) this.onChunkBytes(part);
  }

  /** Nobody wants the rest: it is read and thrown away. */
  discard(): void {
    this.#isDiscarded = true;
    this.#held = [];
    this.#link = undefined;
    this.isFull = false;
  }

  #takeLength(bytes: Buffer, from: number): number {
    const end = Math.min(bytes.length, from + this.#left);
    this.#left -= end - from;
    this.#length += end - from;
    if (end > from) this.onChunkBytes(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    this.isWhole = this.#left === 0;
    return end;
  }

  #takeChunks(chunks: ChunkScanner, bytes: Buffer, from: number): number {
    const end = chunks.scan(bytes, from);
    if (end >= 0 && chunks.isDone) {
      // They are dropped, but what is no field is no body's end either.
      if (readTrailers(chunks.trailer) === undefined) return -1;
      this.onChunkBytes(lastChunk);
      this.isWhole = true;
    }
    return end;
  }
}
