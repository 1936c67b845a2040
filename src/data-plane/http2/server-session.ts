// A connection of HTTP/2 whose other side is a client: its streams are requests.
import type { Socket } from 'node:net';
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import { Allowance } from '../../lib/http2/allowance.ts';
import { ConnectionFault, clientPreface, errorCode, protocolFault, setting } from '../../lib/http2/frames.ts';
import type { HeaderList } from '../../lib/http2/hpack-decoder.ts';
import { areTrailers, shapeOfRequest } from '../../lib/http2/message-rules.ts';
import { Http2Session } from './http2-session.ts';
import { Http2Stream } from './http2-stream.ts';
import type { SessionOptions, SessionParts } from './session-options.ts';

/** Who serves a connection. */
export type ServerOwner = {
  /** A request, whose head is well formed. `bytes`: what its fields count (RFC 9113 §6.5.2). */
  onRequest(stream: Http2Stream, fields: ReadonlyFields, bytes: number): void;
  /** The connection is closed. */
  onGone(failure: Error | undefined): void;
};

/**
 * Streams that a client may reset before they are answered, or make this side reset: so many at once, and so many a second.
 * A client of gRPC that cancels calls stays below; rapid resets (CVE-2023-44487, CVE-2025-8671) end here.
 */
const resetBurst = 400;
const resetsPerSecond = 100;

/** A request that waits for its turn. */
type Fresh = { readonly stream: Http2Stream; readonly list: HeaderList };

/** Serves a client. */
export class ServerSession extends Http2Session {
  readonly #owner: ServerOwner;
  readonly #maxStreams: number;
  readonly #resets = new Allowance(resetBurst, resetsPerSecond, performance.now());
  protected lastPeerStream = 0;
  /** What of the preface is still to come. */
  #preface = clientPreface;
  #fresh: Fresh[] = [];

  constructor(socket: Socket, options: SessionOptions, parts: SessionParts, owner: ServerOwner) {
    super(socket, options, parts);
    this.#owner = owner;
    this.#maxStreams = options.settings.get(setting.maxConcurrentStreams) ?? Number.POSITIVE_INFINITY;
    this.begin('');
  }

  protected override readBytes(bytes: Buffer): void {
    if (this.#preface === '') {
      super.readBytes(bytes);
      return;
    }
    const length = Math.min(bytes.length, this.#preface.length);
    if (bytes.toString('latin1', 0, length) !== this.#preface.slice(0, length))
      throw protocolFault('This is no HTTP/2.');
    this.#preface = this.#preface.slice(length);
    if (bytes.length > length) super.readBytes(bytes.subarray(length));
  }

  protected isIdle(stream: number): boolean {
    return stream > this.lastPeerStream || stream % 2 === 0;
  }

  protected onHeaders(id: number, list: HeaderList, isEnd: boolean): void {
    const known = this.streams.get(id);
    if (known !== undefined) {
      const trailers = trailersOf(list, isEnd);
      const code = trailers === undefined ? errorCode.protocolError : known.receiveEnd(trailers);
      if (code >= 0) this.failStream(id, known, code);
      return;
    }
    if (id % 2 === 0) throw protocolFault('Streams of clients have odd numbers.');
    this.lastPeerStream = id;
    // Begun before the client knew that nothing more is taken; it will be asked elsewhere.
    if (this.isClosing) return;
    const code = this.#judge(list, isEnd);
    if (typeof code === 'number') {
      this.failStream(id, undefined, code);
      return;
    }
    const stream = new Http2Stream(id, this, this.peer.initialWindowSize);
    stream.expect(code.length);
    this.streams.set(id, stream);
    if (isEnd) {
      stream.hasBody = false;
      stream.receiveEnd([]);
      stream.discard();
    }
    this.#fresh.push({ stream, list });
  }

  /** The error by which it is refused, or the shape of the request. */
  #judge(list: HeaderList, isEnd: boolean): number | { readonly length: number } {
    if (this.streams.size >= this.#maxStreams) return errorCode.refusedStream;
    if (list.isTooLarge) return errorCode.enhanceYourCalm;
    const shape = list.isMalformed ? undefined : shapeOfRequest(list.fields);
    return shape === undefined || (isEnd && shape.length > 0) ? errorCode.protocolError : shape;
  }

  protected countReset(): void {
    if (!this.#resets.take(() => performance.now())) {
      throw new ConnectionFault(errorCode.enhanceYourCalm, 'Streams are reset without end.');
    }
  }

  protected onPeerSettings(): void {}

  protected onGoaway(): void {
    this.close();
  }

  /** What has been reset since it came is never begun, so that a rapid reset costs its parsing and no more. */
  protected onPause(): boolean {
    if (this.#fresh.length === 0) return false;
    const fresh = this.#fresh.filter(({ stream }) => !stream.isClosed);
    const granted = this.parts.turns.grant(fresh.length);
    this.#fresh = fresh.slice(granted);
    for (const { stream, list } of fresh.slice(0, granted)) {
      if (!stream.isClosed) this.#owner.onRequest(stream, list.fields, list.bytes);
    }
    return this.#fresh.length > 0;
  }

  protected onGone(): void {
    this.#owner.onGone(this.failure);
  }
}

/** Undefined where they are no trailers. */
function trailersOf(list: HeaderList, isEnd: boolean): Fields | undefined {
  return isEnd && !list.isMalformed && !list.isTooLarge && areTrailers(list.fields) ? list.fields : undefined;
}
