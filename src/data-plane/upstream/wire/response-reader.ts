// Reads the responses on one connection: heads, and bodies as far as to know where they end. Knows no socket.
import type { Fields } from '../../../lib/header-fields.ts';
import type { WireHead } from '../../live-state/upstream.ts';
import { ChunkScanner } from './chunk-scanner.ts';
import { readTrailers } from './field-lines.ts';
import { parseResponseHead, type ResponseHead } from './response-head.ts';

/** Hears what has been read of the response under way. */
export type ResponseSink = {
  onInterim(status: number, fields: Fields): void;
  onHead(head: WireHead): void;
  onBody(bytes: Buffer): void;
};

/** going-on: more must come. ended: whole. upgraded: 101, the rest is not HTTP. invalid: not to be used. */
export type ReadOutcome = 'going-on' | 'ended' | 'upgraded' | 'invalid';

/** Largest head of a response. Node's 16 KiB is little for cookies and policies of some applications. */
const maxHeadBytes = 256 * 1024;
/** How much is looked at as text at once: the body behind a head need not be. */
const usualHeadBytes = 4096;
const switchingProtocols = 101;
const noFields: Fields = [];

/**
 * The last head of an origin. Answers of one kind differ once a second, in their Date: what comes again in the same bytes is
 * not read again. It is forgotten with the next head that differs.
 */
export class HeadMemory {
  #text = '';
  #isHeadRequest = false;
  #head: ResponseHead | undefined;

  /** What is known of the head with which `text` begins. */
  find(text: string, isHeadRequest: boolean): ResponseHead | undefined {
    const head = this.#head;
    if (head === undefined || this.#isHeadRequest !== isHeadRequest) return undefined;
    if (text.slice(0, this.#text.length) !== this.#text) return undefined;
    head.repeats = true;
    return head;
  }

  /** Length of the head that was found, the empty line included. */
  get length(): number {
    return this.#text.length;
  }

  /** `text` is its own, the empty line included. */
  keep(text: string, isHeadRequest: boolean, head: ResponseHead): void {
    this.#text = text;
    this.#isHeadRequest = isHeadRequest;
    this.#head = head;
  }
}

/** One reader for each connection; `begin` starts it on the next response. */
export class ResponseReader {
  /** Of the response under way; undefined before its last head. */
  head: ResponseHead | undefined;
  trailers: Fields = noFields;
  /** Bytes of data of its body so far, framing not counted. */
  bodyBytes = 0;
  /** What came behind the end, or behind a 101; undefined for nothing. */
  rest: Buffer | undefined;
  readonly #memory: HeadMemory;
  #sink: ResponseSink | undefined;
  #isHeadRequest = false;
  #unwraps = false;
  /** Bytes of a body of known length that are to come. */
  #left = 0;
  #chunks: ChunkScanner | undefined;
  /** Bytes of a head that is not complete. */
  #early: Buffer | undefined;

  /** `memory` may be shared by all connections to one origin. */
  constructor(memory: HeadMemory = new HeadMemory()) {
    this.#memory = memory;
  }

  /** `isHeadRequest`: it has no body, whatever its head says. `unwraps`: parts of chunked bodies come without framing. */
  begin(sink: ResponseSink, isHeadRequest: boolean, unwraps: boolean): void {
    this.#unwraps = unwraps;
    this.#sink = sink;
    this.#isHeadRequest = isHeadRequest;
    this.head = undefined;
    this.trailers = noFields;
    this.rest = undefined;
    this.bodyBytes = 0;
    this.#chunks = undefined;
    this.#early = undefined;
  }

  /** The next bytes. */
  read(bytes: Buffer): ReadOutcome {
    if (this.head !== undefined) return this.#readBody(bytes, 0, this.head);
    if (this.#early === undefined) return this.#readHeads(bytes, 0);
    const searchFrom = Math.max(0, this.#early.length - 3);
    return this.#readHeads(Buffer.concat([this.#early, bytes]), searchFrom);
  }

  /** Whether the response ends with the connection. */
  isEndedByClose(): boolean {
    return this.head?.framing === 'close';
  }

  #readHeads(bytes: Buffer, searchFrom: number): ReadOutcome {
    let from = 0;
    for (;;) {
      const end = this.#readHead(bytes, from, searchFrom);
      if (end < 0) {
        if (bytes.length - from >= maxHeadBytes || !mayBecomeHead(bytes, from)) return 'invalid';
        this.#early = Buffer.from(bytes.subarray(from));
        return 'going-on';
      }
      const { head } = this;
      if (head === undefined) return 'invalid';
      from = end;
      searchFrom = from;
      if (head.status < 200 && head.status !== switchingProtocols) {
        this.head = undefined;
        // HTTP/1.0 has none, and nothing can follow on a connection that is said to close.
        if (!head.keepsAlive) return 'invalid';
        this.#sink?.onInterim(head.status, [...head.fields]);
        continue;
      }
      this.#early = undefined;
      if (head.status === switchingProtocols) {
        this.#leave(bytes, from);
        return 'upgraded';
      }
      this.#left = head.length;
      this.#sink?.onHead(head);
      return this.#readBody(bytes, from, head);
    }
  }

  /** Sets `head`, which stays undefined when it is not valid. Gives the place behind it; -1 when it is not complete. */
  #readHead(bytes: Buffer, from: number, searchFrom: number): number {
    // As text it is found faster when it is near, as it usually is.
    const near = bytes.toString('latin1', from, Math.min(bytes.length, from + usualHeadBytes));
    this.head = this.#memory.find(near, this.#isHeadRequest);
    if (this.head !== undefined) return from + this.#memory.length;
    const nearEnd = near.indexOf('\r\n\r\n', searchFrom - from);
    const end = nearEnd < 0 ? farEndOfHead(bytes, from, searchFrom) : from + nearEnd;
    if (end < 0) return -1;
    const text = nearEnd < 0 ? bytes.toString('latin1', from, end + 4) : near;
    this.head = parseResponseHead(text, end - from, this.#isHeadRequest);
    if (this.head !== undefined && this.head.status >= 200) {
      this.#memory.keep(text.slice(0, end + 4 - from), this.#isHeadRequest, this.head);
    }
    return end + 4;
  }

  #readBody(bytes: Buffer, from: number, head: ResponseHead): ReadOutcome {
    switch (head.framing) {
      case 'none':
        this.#leave(bytes, from);
        return 'ended';
      case 'close':
        this.bodyBytes += bytes.length - from;
        if (from < bytes.length) this.#sink?.onBody(from === 0 ? bytes : bytes.subarray(from));
        return 'going-on';
      case 'length':
        return this.#readLength(bytes, from);
      case 'chunked':
        return this.#readChunks(bytes, from);
    }
  }

  #readLength(bytes: Buffer, from: number): ReadOutcome {
    const end = Math.min(bytes.length, from + this.#left);
    this.#left -= end - from;
    this.bodyBytes += end - from;
    if (end > from) {
      this.#sink?.onBody(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    }
    if (this.#left > 0) return 'going-on';
    this.#leave(bytes, end);
    return 'ended';
  }

  #readChunks(bytes: Buffer, from: number): ReadOutcome {
    const sink = this.#sink as ResponseSink;
    this.#chunks ??= new ChunkScanner({ onChunkBytes: (part) => sink.onBody(part) }, this.#unwraps);
    const end = this.#chunks.scan(bytes, from);
    this.bodyBytes = this.#chunks.dataBytes;
    if (end < 0) return 'invalid';
    if (!this.#chunks.isDone) return 'going-on';
    const trailers = readTrailers(this.#chunks.trailer);
    if (trailers === undefined) return 'invalid';
    this.trailers = trailers;
    this.#leave(bytes, end);
    return 'ended';
  }

  #leave(bytes: Buffer, from: number): void {
    if (from < bytes.length) this.rest = bytes.subarray(from);
  }
}

const prefix = 'HTTP/1.';

/** Where the empty line of a long head begins; -1 when it has not come. */
function farEndOfHead(bytes: Buffer, from: number, searchFrom: number): number {
  if (bytes.length <= from + usualHeadBytes) return -1;
  return bytes.subarray(0, from + maxHeadBytes).indexOf('\r\n\r\n', searchFrom, 'latin1');
}

/** Whether bytes without an empty line yet may still become a head: what is no HTTP at all is known at once. */
function mayBecomeHead(bytes: Buffer, from: number): boolean {
  const start = bytes.toString('latin1', from, from + prefix.length);
  return prefix.startsWith(start);
}
