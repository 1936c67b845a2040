// One request over a raw connection, for lanes that have no bytes of HTTP/1.1 to pass on: the same in and out as
// Upstream.send, without undici in between.
import type { Socket } from 'node:net';
import { type Fields, fieldOf } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import type {
  BodySink,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
  WireHead,
  WireLink,
  WireUpstream,
  WireUser,
} from '../../live-state/upstream.ts';
import { areLegal, fieldLines } from './field-text.ts';

const lastChunk = Buffer.from('0\r\n\r\n', 'latin1');

/** Sends it. Parts of the answer are copies: the handler may keep them. */
export function sendOnWire(
  upstream: WireUpstream,
  request: UpstreamRequest,
  handler: UpstreamHandler,
): UpstreamExchange {
  return new WireSending(upstream, request, handler);
}

class WireSending implements WireUser, UpstreamExchange, BodySink {
  readonly #request: UpstreamRequest;
  readonly #handler: UpstreamHandler;
  readonly #link: WireLink;
  readonly reused: boolean;
  readonly #isChunked: boolean;
  #isOver = false;

  constructor(upstream: WireUpstream, request: UpstreamRequest, handler: UpstreamHandler) {
    this.#request = request;
    this.#handler = handler;
    this.#isChunked = request.body !== undefined && fieldOf(request.fields, 'content-length') === undefined;
    this.#link = upstream.take(this, performance.now(), request.upgrade !== undefined);
    this.reused = this.#link.reused;
    if (this.#link.isOpen) this.onOpen();
  }

  resume(): void {
    if (!this.#isOver) this.#link.resume();
  }

  abort(): void {
    this.#fail(new GatewayError('client-closed'));
  }

  onOpen(): void {
    const { body, method } = this.#request;
    if (!areLegal(this.#request.fields)) {
      const cause = new Error('A middleware wrote an illegal field.');
      // Not in the caller's own turn: it has not got this exchange yet.
      queueMicrotask(() => this.#fail(new GatewayError('internal', { cause })));
      return;
    }
    this.#link.writeHead(this.#toHead(), method === 'HEAD', true);
    this.#handler.onSent?.();
    if (body === undefined) this.#link.endRequest();
    else body.begin(this);
  }

  onWritable(): void {
    this.#request.body?.resume();
  }

  onInterim(status: number, fields: Fields): void {
    if (!this.#isOver && status !== 100) this.#handler.onInformation(status, fields);
  }

  onHead({ status, fields, framing }: WireHead): void {
    if (!this.#isOver) this.#handler.onHead(status, fields, framing === 'none');
  }

  onBody(bytes: Buffer): void {
    // The same packet may have brought what ended it.
    if (!this.#isOver && !this.#handler.onData(Buffer.from(bytes))) this.#link.pause();
  }

  onPart(): void {}

  onEnd(trailers: Fields): void {
    this.#end();
    this.#handler.onEnd(trailers);
  }

  onUpgrade(fields: Fields, socket: Socket): void {
    this.#end();
    this.#handler.onUpgrade(fields, socket);
  }

  onFail(error: GatewayError): void {
    if (this.#isOver) return;
    this.#end();
    this.#handler.onError(error);
  }

  #fail(error: GatewayError): void {
    if (this.#isOver) return;
    this.#end();
    this.#link.abort();
    this.#handler.onError(error);
  }

  /** A body that nobody takes any more is let go. */
  #end(): void {
    this.#isOver = true;
    this.#request.body?.cancel();
  }

  onBodyEnd(): void {
    if (this.#isChunked) this.#link.writeBody(lastChunk);
    this.#link.endRequest();
  }

  onBodyError(error: GatewayError): void {
    this.#fail(error);
  }

  onBodyData(chunk: Buffer): boolean {
    if (!this.#isChunked) return this.#link.writeBody(chunk);
    // An empty chunk would be the last one.
    return chunk.length === 0 || this.#link.writeBody(toChunk(chunk));
  }

  #toHead(): string {
    const { method, target, host, fields, upgrade } = this.#request;
    const connection = upgrade === undefined ? 'keep-alive\r\n' : `upgrade\r\nupgrade: ${upgrade}\r\n`;
    const coding = this.#isChunked ? 'transfer-encoding: chunked\r\n' : '';
    return `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}${fieldLines(fields)}${coding}\r\n`;
  }
}

/** RFC 9112 §7.1. A copy of what a frame of HTTP/2 brings costs less than two more writes. */
function toChunk(bytes: Buffer): Buffer {
  const line = `${bytes.length.toString(16)}\r\n`;
  const chunk = Buffer.allocUnsafe(line.length + bytes.length + 2);
  chunk.write(line, 'latin1');
  bytes.copy(chunk, line.length);
  chunk.write('\r\n', chunk.length - 2, 'latin1');
  return chunk;
}
