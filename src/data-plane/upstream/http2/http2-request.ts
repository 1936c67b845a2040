// One request on a connection of HTTP/2 to a replica: what happens on its stream becomes the data plane's own events.
import { createHash } from 'node:crypto';
import { type Fields, fieldOf } from '../../../lib/header-fields.ts';
import { errorCode } from '../../../lib/http2/frames.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { AnswerUser, ClientSession } from '../../http2/client-session.ts';
import type { Http2Stream } from '../../http2/http2-stream.ts';
import { StreamDuplex } from '../../http2/stream-duplex.ts';
import type {
  BodySink,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
} from '../../live-state/upstream.ts';
import { toGatewayError } from '../to-gateway-error.ts';
import { areLegal } from '../wire/field-text.ts';

/** The connection that a request is sent on. */
export type RequestOwner = {
  readonly session: ClientSession;
  readonly scheme: 'http' | 'https';
  readonly hasServed: boolean;
  /** The stream is over. */
  onRequestEnd(answered: boolean): void;
};

/** A request, first without a connection, then on one. */
export class Http2Request implements UpstreamExchange, BodySink, AnswerUser {
  readonly request: UpstreamRequest;
  readonly handler: UpstreamHandler;
  readonly createdTick = performance.now();
  /** Who carries it instead, where the origin turned out to speak something else. */
  delegate: UpstreamExchange | undefined;
  reused = false;
  isAborted = false;
  #owner: RequestOwner | undefined;
  #stream: Http2Stream | undefined;
  #answered = false;
  /** The last event has been given. */
  #isOver = false;
  #hasPulled = false;
  #isBodyWhole: boolean;

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
    const { body, fields, method, upgrade } = this.request;
    if (upgrade !== undefined && !session.peer.enableConnectProtocol) {
      const reason = 'The replica speaks HTTP/2 and takes no WebSocket (RFC 8441).';
      owner.onRequestEnd(false);
      this.fail(new GatewayError('upstream-protocol', { reason }));
      return;
    }
    if (!areLegal(fields)) {
      owner.onRequestEnd(false);
      const cause = new Error('A middleware wrote an illegal field.');
      this.fail(new GatewayError('internal', { cause }));
      return;
    }
    const block =
      upgrade === undefined ? toBlock(this.request, scheme) : toConnectBlock(this.request, scheme);
    const isEnd = body === undefined && upgrade === undefined;
    this.#stream = session.open(block, isEnd, method === 'HEAD', this);
    this.handler.onSent?.();
    if (body !== undefined) {
      this.#hasPulled = true;
      body.begin(this);
    }
  }

  resume(): void {
    if (this.delegate !== undefined) this.delegate.resume();
    else this.#stream?.read();
  }

  abort(): void {
    this.isAborted = true;
    if (this.delegate !== undefined) this.delegate.abort();
    else if (this.#stream !== undefined) this.#stream.reset(errorCode.cancel);
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
    return this.#stream?.write(chunk) ?? true;
  }

  onBodyEnd(): void {
    this.#isBodyWhole = true;
    this.#stream?.end();
  }

  /** Cut off by the client: the replica must not take what has come for the whole. */
  onBodyError(error: GatewayError): void {
    this.fail(error);
    this.#stream?.reset(errorCode.cancel);
  }

  onInterim(status: number, fields: Fields): void {
    if (!this.#isOver && status > 101) this.handler.onInformation(status, fields);
  }

  onAnswer(status: number, fields: Fields, isLast: boolean): void {
    const stream = this.#stream as Http2Stream;
    const { upgrade } = this.request;
    this.#answered = true;
    if (this.#isOver) return;
    if (upgrade !== undefined && status < 300) {
      this.#isOver = true;
      const tunnel = new StreamDuplex(stream);
      tunnel.once('close', () => this.#owner?.onRequestEnd(true));
      this.handler.onUpgrade(toUpgradeFields(this.request, fields), tunnel);
      return;
    }
    // An upgrade that was declined: nobody writes to the stream.
    if (upgrade !== undefined) stream.end();
    this.handler.onHead(status, fields, isLast);
  }

  onStreamData(bytes: Buffer): boolean {
    return this.#isOver || this.handler.onData(bytes);
  }

  onStreamDrain(): void {
    this.request.body?.resume();
  }

  onStreamEnd(trailers: Fields): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // Answered before all was sent: the rest is of no use to anybody.
    if (!this.#isBodyWhole) {
      this.#stopBody();
      this.#stream?.reset(errorCode.cancel);
    }
    this.handler.onEnd(trailers);
  }

  onStreamClose(): void {
    this.#owner?.onRequestEnd(this.#answered);
    if (!this.#isOver) this.fail(this.#errorOfClose());
  }

  #errorOfClose(): GatewayError {
    if (this.isAborted) return new GatewayError('client-closed');
    const { resetCode = -1 } = this.#stream ?? {};
    const cause = this.#owner?.session.failure ?? new Error(`Reset with code ${resetCode}.`);
    // RFC 9113 §8.7: nothing has been done with a refused stream.
    if (!this.#answered && !this.#hasPulled && resetCode === errorCode.refusedStream) {
      return new GatewayError('upstream-refused', { cause, reason: 'The replica refused the request.' });
    }
    if (!('code' in cause)) return new GatewayError('upstream-reset', { cause });
    return toGatewayError(cause, this.#answered ? 'answered' : 'sent');
  }

  #stopBody(): void {
    if (!this.#isBodyWhole) this.request.body?.cancel();
  }
}

function toBlock({ method, target, host, fields }: UpstreamRequest, scheme: string): Fields {
  return [':method', method, ':scheme', scheme, ':authority', host, ':path', target, ...fields];
}

/** RFC 8441 §4: the WebSocket handshake of HTTP/1.1 as an extended CONNECT. */
function toConnectBlock({ target, host, fields, upgrade }: UpstreamRequest, scheme: string): Fields {
  const block = [':method', 'CONNECT', ':protocol', upgrade ?? '', ':scheme', scheme];
  block.push(':authority', host, ':path', target);
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name.toLowerCase() !== 'sec-websocket-key') block.push(name, fields[at + 1] ?? '');
  }
  return block;
}

/** What an HTTP/1.1 server would have said with 101. */
function toUpgradeFields({ fields, upgrade }: UpstreamRequest, answer: Fields): Fields {
  answer.push('Upgrade', upgrade ?? '');
  const key = fieldOf(fields, 'sec-websocket-key');
  if (key !== undefined) {
    const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    answer.push('Sec-WebSocket-Accept', digest);
  }
  return answer;
}
