// One request on a connection of HTTP/2 to a replica: node:http2's events become the data plane's own.
import { createHash } from 'node:crypto';
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { type Fields, fieldOf, type ReadonlyFields } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type {
  BodySink,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
} from '../../live-state/upstream.ts';
import { toGatewayError } from '../to-gateway-error.ts';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_REFUSED_STREAM } = constants;

/** The connection that a request is sent on. */
export type RequestOwner = {
  readonly session: ClientHttp2Session;
  readonly scheme: 'http' | 'https';
  readonly hasServed: boolean;
  /** Why the connection broke, if it did. */
  readonly failure: Error | undefined;
  /** The stream is over. */
  onRequestEnd(answered: boolean): void;
};

/** The request of a stream, until it is closed: Node keeps closed streams until the next large collection of garbage. */
const ofStream = Symbol('request');
type OwnedStream = ClientHttp2Stream & { [ofStream]?: Http2Request | undefined };

/** A request, first without a connection, then on one. */
export class Http2Request implements UpstreamExchange, BodySink {
  readonly request: UpstreamRequest;
  readonly handler: UpstreamHandler;
  readonly createdTick = performance.now();
  /** Who carries it instead, where the origin turned out to speak something else. */
  delegate: UpstreamExchange | undefined;
  reused = false;
  isAborted = false;
  #owner: RequestOwner | undefined;
  #stream: OwnedStream | undefined;
  #streamError: Error | undefined;
  #answered = false;
  /** The last event has been given. */
  #isOver = false;
  #hasPulled = false;
  #isBodyWhole: boolean;
  /** The response's end has come as such, and not by a reset. */
  #isEnded = false;
  #trailers: Fields = [];
  #waitsForDrain = false;

  constructor(request: UpstreamRequest, handler: UpstreamHandler) {
    this.request = request;
    this.handler = handler;
    this.#isBodyWhole = request.body === undefined;
  }

  /** Sends it. */
  start(owner: RequestOwner): void {
    this.#owner = owner;
    this.reused = owner.hasServed;
    const { session, scheme } = owner;
    const { body, upgrade } = this.request;
    if (upgrade !== undefined && session.remoteSettings.enableConnectProtocol !== true) {
      const reason = 'The replica speaks HTTP/2 and takes no WebSocket (RFC 8441).';
      owner.onRequestEnd(false);
      this.fail(new GatewayError('upstream-protocol', { reason }));
      return;
    }
    let stream: OwnedStream;
    try {
      const block =
        upgrade === undefined ? toBlock(this.request, scheme) : toConnectBlock(this.request, scheme);
      stream = session.request(block, { endStream: body === undefined && upgrade === undefined });
    } catch (cause) {
      // A field that HTTP/2 does not allow; a middleware wrote it, for those of clients have been read by a parser.
      owner.onRequestEnd(false);
      this.fail(new GatewayError('internal', { cause }));
      return;
    }
    this.#stream = stream;
    stream[ofStream] = this;
    stream.on('error', onError).on('headers', onHeaders).on('response', onResponse).on('close', onClose);
    this.handler.onSent?.();
    if (body !== undefined) {
      this.#hasPulled = true;
      body.begin(this);
    }
  }

  resume(): void {
    if (this.delegate !== undefined) this.delegate.resume();
    else this.#stream?.resume();
  }

  abort(): void {
    this.isAborted = true;
    if (this.delegate !== undefined) this.delegate.abort();
    else if (this.#stream !== undefined) cancel(this.#stream);
    // Still in the queue, from where it is not sent any more.
    else queueMicrotask(() => this.fail(new GatewayError('client-closed')));
  }

  /** Tells of an error as the last event, once. */
  fail(error: GatewayError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopBody();
    this.handler.onError(error);
  }

  onBodyData(chunk: Buffer): boolean {
    const stream = this.#stream as OwnedStream;
    if (stream.writableEnded || stream.write(chunk)) return true;
    if (!this.#waitsForDrain) {
      this.#waitsForDrain = true;
      stream.once('drain', () => {
        this.#waitsForDrain = false;
        this.request.body?.resume();
      });
    }
    return false;
  }

  onBodyEnd(): void {
    this.#isBodyWhole = true;
    this.#stream?.end();
  }

  /** Cut off by the client: the replica must not take what has come for the whole. */
  onBodyError(error: GatewayError): void {
    if (this.#isOver) return;
    if (this.#stream !== undefined) cancel(this.#stream);
    this.fail(error);
  }

  onStreamError(error: Error): void {
    this.#streamError = error;
  }

  onInterim(block: readonly string[]): void {
    const status = statusOf(block);
    if (status > 101) this.handler.onInformation(status, toFields(block));
  }

  onResponse(block: readonly string[], flags: number): void {
    const stream = this.#stream as ClientHttp2Stream;
    const status = statusOf(block);
    this.#answered = true;
    if (this.#isOver) return;
    if (this.request.upgrade !== undefined && status >= 200 && status < 300) {
      this.#isOver = true;
      this.handler.onUpgrade(toUpgradeFields(this.request, block), stream);
      return;
    }
    // An upgrade that was declined: nobody writes to the stream.
    if (this.request.upgrade !== undefined) stream.end();
    this.#isEnded = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
    this.handler.onHead(status, toFields(block), this.#isEnded);
    stream.on('trailers', onTrailers).on('end', onEnd).on('data', onData);
  }

  onData(chunk: Buffer): void {
    if (!this.#isOver && !this.handler.onData(chunk)) this.#stream?.pause();
  }

  onTrailers(list: readonly string[]): void {
    this.#isEnded = true;
    this.#trailers = [...list];
  }

  onEnd(): void {
    if (this.#isOver) return;
    if (!this.#isEnded && isCut(this.#stream as OwnedStream)) return;
    this.#isOver = true;
    // Answered before all was sent: the rest is of no use to anybody.
    if (!this.#isBodyWhole) {
      this.#stopBody();
      if (this.#stream !== undefined) cancel(this.#stream);
    }
    this.handler.onEnd(this.#trailers);
  }

  onClose(): void {
    this.#owner?.onRequestEnd(this.#answered);
    if (!this.#isOver) this.fail(this.#errorOfClose());
  }

  #errorOfClose(): GatewayError {
    if (this.isAborted) return new GatewayError('client-closed');
    const stream = this.#stream as ClientHttp2Stream;
    const cause =
      this.#owner?.failure ?? this.#streamError ?? new Error(`Reset with code ${stream.rstCode}.`);
    // RFC 9113 §8.7: nothing has been done with a refused stream, nor with one that never was sent.
    if (
      !this.#answered &&
      !this.#hasPulled &&
      (stream.rstCode === NGHTTP2_REFUSED_STREAM || stream.id === undefined)
    ) {
      return new GatewayError('upstream-refused', { cause, reason: 'The replica refused the request.' });
    }
    if ((cause as { code?: unknown }).code?.toString().startsWith('ERR_HTTP2') !== false) {
      return new GatewayError('upstream-reset', { cause });
    }
    return toGatewayError(cause, this.#answered ? 'answered' : 'sent');
  }

  #stopBody(): void {
    if (!this.#isBodyWhole) this.request.body?.cancel();
  }
}

// Listeners that all streams share.

function onError(this: OwnedStream, error: Error): void {
  this[ofStream]?.onStreamError(error);
}
function onHeaders(this: OwnedStream, _headers: unknown, _flags: number, block: string[]): void {
  this[ofStream]?.onInterim(block);
}
function onResponse(this: OwnedStream, _headers: unknown, flags: number, block: string[]): void {
  this[ofStream]?.onResponse(block, flags);
}
function onData(this: OwnedStream, chunk: Buffer): void {
  this[ofStream]?.onData(chunk);
}
function onTrailers(this: OwnedStream, _headers: unknown, _flags: number, block: string[]): void {
  this[ofStream]?.onTrailers(block);
}
function onEnd(this: OwnedStream): void {
  this[ofStream]?.onEnd();
}
function onClose(this: OwnedStream): void {
  const request = this[ofStream];
  this[ofStream] = undefined;
  request?.onClose();
}

/**
 * Ends a stream of which nobody wants more. While the request is not whole not by close(): Node ends it in front of the
 * reset then, and a cut upload would look whole (END_STREAM).
 */
function cancel(stream: ClientHttp2Stream): void {
  if (stream.writableEnded) stream.close(NGHTTP2_CANCEL);
  else stream.destroy(new Error('The request is broken off.'));
}

/**
 * Whether the stream ended by a reset without an error, which Node gives as a clean end: an answer that breaks off would
 * look whole. Node (lib/internal/http2/core.js, onStreamClose) then has the stream destroyed on its end.
 */
function isCut(stream: ClientHttp2Stream): boolean {
  return stream.listeners('end').includes(stream.destroy as () => void);
}

function toBlock({ method, target, host, fields }: UpstreamRequest, scheme: string): string[] {
  checkFields(fields);
  return [':method', method, ':scheme', scheme, ':authority', host, ':path', target, ...fields];
}

/** RFC 8441 §4: the WebSocket handshake of HTTP/1.1 as an extended CONNECT. */
function toConnectBlock({ target, host, fields, upgrade }: UpstreamRequest, scheme: string): string[] {
  checkFields(fields);
  const block = [':method', 'CONNECT', ':protocol', upgrade ?? '', ':scheme', scheme];
  block.push(':authority', host, ':path', target);
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name.toLowerCase() !== 'sec-websocket-key') block.push(name, fields[at + 1] ?? '');
  }
  return block;
}

/** Node joins names and values by NUL, and nghttp2 writes whatever it is given. */
function checkFields(fields: ReadonlyFields): void {
  for (let at = 1; at < fields.length; at += 2) {
    const value = fields[at] ?? '';
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code === 0 || code === 10 || code === 13 || code > 255)
        throw new TypeError(`Illegal value of ${fields[at - 1]}.`);
    }
  }
}

/** What an HTTP/1.1 server would have said with 101. */
function toUpgradeFields({ fields, upgrade }: UpstreamRequest, block: readonly string[]): Fields {
  const answer = toFields(block);
  answer.push('Upgrade', upgrade ?? '');
  const key = fieldOf(fields, 'sec-websocket-key');
  if (key !== undefined) {
    const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    answer.push('Sec-WebSocket-Accept', digest);
  }
  return answer;
}

/** The status comes first: it is the only pseudo-field of a response. */
function statusOf(block: readonly string[]): number {
  return block[0] === ':status' ? Number(block[1]) : 0;
}

function toFields(block: readonly string[]): Fields {
  return block.slice(2);
}
