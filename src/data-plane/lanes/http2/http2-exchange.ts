// One request on the HTTP/2 lane, from its head to the end of its stream.
import type { Duplex } from 'node:stream';
import { forwardableResponseFields, forwardableTrailers } from '../../../lib/forwardable-fields.ts';
import { type Fields, fieldOf, type ReadonlyFields } from '../../../lib/header-fields.ts';
import { errorCode } from '../../../lib/http2/frames.ts';
import { type FaultCode, GatewayError } from '../../../model/errors.ts';
import {
  acceptOf,
  decide,
  type ForwardVerdict,
  type StagedVerdict,
  stagesAround,
  type Verdict,
} from '../../exchange/decide.ts';
import type { IncomingExchange } from '../../exchange/read-request.ts';
import { rescue } from '../../exchange/rescue.ts';
import { isGrpc, rescueGrpc } from '../../exchange/rescue-grpc.ts';
import { rewriteResponse } from '../../exchange/rewrite-response.ts';
import type { Http2Stream, StreamUser } from '../../http2/http2-stream.ts';
import type { LiveReplica } from '../../live-state/live-replica.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../../live-state/upstream.ts';
import { type Answer, bodyOf } from '../../middlewares/exchange.ts';
import { sendOnWire } from '../../upstream/wire/send-on-wire.ts';
import type { BodyListener } from '../client-body.ts';
import type { Connection } from '../connection-book.ts';
import { maxInterimAnswers } from '../interim-limit.ts';
import type { LaneCore } from '../lane.ts';
import { Passage } from '../passage.ts';
import { recordPassage } from '../record-passage.ts';
import { reportFault } from '../report-fault.ts';
import { sendThrough, toServiceRequest } from '../send-through.ts';
import { ServiceRequest } from '../service-request.ts';
import { openStreamTunnel } from './open-stream-tunnel.ts';
import {
  areWritable,
  isFinalStatus,
  lengthOf,
  mayHaveBody,
  toClientFields,
  toHeaderBlock,
} from './response-fields.ts';
import { StreamBody } from './stream-body.ts';
import { isAccepted } from './web-socket-key.ts';

/** The client's side, as an exchange sees it. */
export type Http2Client = {
  readonly core: LaneCore;
  readonly connection: Connection;
  /** The stream is over. */
  onExchangeEnd(exchange: Http2Exchange): void;
};

/** One request and its answer. */
export class Http2Exchange extends Passage implements UpstreamHandler, BodyListener, StreamUser {
  /** Whether all of the request has come, or none of it is waited for. */
  isWhole: boolean;
  readonly #client: Http2Client;
  readonly #stream: Http2Stream;
  readonly #webSocketKey: string | undefined;
  /** Of the head that went to the client; 0 before one did. */
  #status = 0;
  /** The answer is complete, or has been broken off on purpose. */
  #isEnded = false;
  #isClosed = false;
  #upstream: UpstreamExchange | undefined;
  #interimAnswers = 0;
  /** What the client had taken at the last look, and since when it has been so much. */
  #takenBytes = 0;
  #stalledTick = 0;
  #body: StreamBody | undefined;
  /** Bytes of the answer's body, where its head says so and no trailers follow; -1 where that is not known. */
  #length = -1;

  constructor(
    client: Http2Client,
    stream: Http2Stream,
    exchange: IncomingExchange,
    webSocketKey: string | undefined,
  ) {
    super(client.core, exchange, client.connection);
    this.#client = client;
    this.#stream = stream;
    this.#webSocketKey = webSocketKey;
    this.isWhole = !exchange.hasBody;
    stream.user = this;
  }

  /** Whether the request is one of gRPC; its streams may last as long as they like. */
  get isGrpc(): boolean {
    return isGrpc(fieldOf(this.exchange.fields, 'content-type'));
  }

  /** Judges it and carries out what comes of that; `fault` is what the lane itself has found. */
  run(fault: FaultCode | undefined): void {
    try {
      if (fault !== undefined) throw new GatewayError(fault);
      this.#carryOut(decide(this.core.snapshot(), this.exchange, this.route));
    } catch (error) {
      this.#refuse(error);
    }
  }

  #carryOut(verdict: Verdict): void {
    switch (verdict.kind) {
      case 'respond':
        this.#answer(verdict.answer);
        break;
      case 'forward':
      case 'staged':
        this.#forward(verdict);
        break;
      case 'wait':
        verdict.verdict
          .then((settled) => {
            if (!this.#isClosed) this.#carryOut(settled);
          })
          .catch((error: unknown) => this.#refuse(error));
    }
  }

  /** Stages that the request has met hear of the error first. */
  #refuse(error: unknown): void {
    const verdict = this.#upstream === undefined ? stagesAround(this.exchange, error) : undefined;
    if (verdict === undefined) this.fail(error);
    else this.#forward(verdict);
  }

  /** Ends it with an error: an answer while there can be one, else a reset that no client takes for a clean end. */
  fail(error: unknown): void {
    const known = reportFault(this, error);
    if (this.#isEnded || this.#isClosed) return;
    if (this.#status !== 0) {
      this.breakOff();
      return;
    }
    const { requestId } = this.exchange;
    this.#answer(
      this.isGrpc ? rescueGrpc(known, requestId) : rescue(known, acceptOf(this.exchange), requestId),
    );
  }

  /**
   * For how long the client has taken nothing of what is ready for it, by what has changed since the last call; 0 when
   * nothing waits.
   */
  measureStall(now: number): number {
    const waiting = this.#stream.waitingBytes;
    const taken = this.responseBytes - waiting;
    if (waiting === 0 || taken !== this.#takenBytes) this.#stalledTick = now;
    this.#takenBytes = taken;
    return now - this.#stalledTick;
  }

  /** The time for the request is up. */
  expire(code: 'request-timeout'): void {
    this.isWhole = true;
    const upstream = this.#upstream;
    this.fail(new GatewayError(code));
    upstream?.abort();
  }

  /** Ends the stream by INTERNAL_ERROR, without an end to the answer: a cut one must not look whole. */
  breakOff(): void {
    this.#isEnded = true;
    this.#stream.reset(errorCode.internalError);
    this.#upstream?.abort();
  }

  onStreamData(bytes: Buffer): boolean {
    return this.#body?.take(bytes) ?? true;
  }

  onStreamEnd(): void {
    this.#body?.end();
  }

  /** The client takes data again. */
  onStreamDrain(): void {
    this.#upstream?.resume();
  }

  onStreamClose(): void {
    this.#isClosed = true;
    this.#body?.fail();
    // A clean end comes with the last byte, in front of what the upstream says of it.
    if (this.#stream.resetCode >= 0) this.#upstream?.abort();
    this.connection.underWay -= 1;
    recordPassage(this, this.#status);
    this.#client.onExchangeEnd(this);
  }

  onBodyWanted(): void {
    if (this.exchange.expectsContinue && this.#status === 0) {
      this.#stream.sendHead([':status', '100'], false);
    }
  }

  onBodyBytes(count: number): void {
    this.requestBytes += count;
  }

  onBodyWhole(): void {
    this.isWhole = true;
  }

  #forward(verdict: ForwardVerdict | StagedVerdict): void {
    if (this.exchange.hasBody) this.#body = new StreamBody(this.#stream, this);
    const request = toServiceRequest(this.exchange, this.#body);
    if (verdict.kind === 'staged') this.#upstream = sendThrough(this, verdict.core, request, this);
    else {
      const sent = new ServiceRequest({
        passage: this,
        service: verdict.service,
        request,
        handler: this,
        notes: this,
      });
      this.#upstream = sent;
      sent.sendTo(verdict.replica);
    }
    // The client may have left while a middleware had to wait, or the answer been broken off already.
    if (this.#isClosed) this.#upstream.abort();
  }

  /** Over TLS the server chooses among HTTP/1.1 and HTTP/2. */
  override sendToReplica(
    replica: LiveReplica,
    request: UpstreamRequest,
    handler: UpstreamHandler,
  ): UpstreamExchange {
    const wire = replica.origin.startsWith('http:') ? replica.upstream?.wire : undefined;
    return wire === undefined
      ? super.sendToReplica(replica, request, handler)
      : sendOnWire(wire, request, handler);
  }

  onInformation(status: number, fields: Fields): void {
    if (this.#status !== 0 || this.#isClosed) return;
    this.#interimAnswers += 1;
    if (this.#interimAnswers > maxInterimAnswers) {
      const reason = 'The replica gave interim answers without end.';
      this.#giveUp(new GatewayError('upstream-protocol', { reason }));
      return;
    }
    this.#stream.sendHead(toHeaderBlock(status, forwardableResponseFields(fields, false)), false);
  }

  onHead(status: number, upstreamFields: ReadonlyFields, isLast = false): void {
    if (this.#isClosed) return;
    const { exchange } = this;
    const fields = toClientFields(exchange, status, upstreamFields);
    this.isEventStream = fieldOf(fields, 'content-type')?.startsWith('text/event-stream') ?? false;
    if (!isFinalStatus(status) || (exchange.responseRewrites.length > 0 && !areWritable(fields))) {
      this.#giveUp(new GatewayError('upstream-protocol'));
      return;
    }
    this.#status = status;
    this.#stream.sendHead(toHeaderBlock(status, fields), isLast);
    const mayHaveTrailers = exchange.takesTrailers && !isLast && mayHaveBody(exchange.method, status);
    if (!mayHaveTrailers) this.#length = lengthOf(fields);
  }

  onData(chunk: Buffer): boolean {
    this.responseBytes += chunk.length;
    // With the end in the same call it goes out in the last frame, and the stream is done with earlier. Nothing is to wait for
    // the client then: a stream that is done with wants no more, and what is paused would never hear of its end.
    const isLast = this.responseBytes === this.#length;
    return this.#stream.write(chunk, isLast) || isLast;
  }

  onEnd(trailers: Fields): void {
    if (this.#isClosed || this.#isEnded) return;
    this.#end(this.exchange.takesTrailers ? forwardableTrailers(trailers) : undefined);
  }

  onUpgrade(fields: Fields, socket: Duplex): void {
    const key = this.#webSocketKey;
    if (this.#isClosed) {
      socket.destroy();
      return;
    }
    try {
      if (key === undefined || !isAccepted(key, fields))
        throw new Error('The handshake is not a WebSocket’s.');
      openStreamTunnel(this, this.#stream, fields, socket);
      this.#status = 200;
      this.isWhole = true;
    } catch (cause) {
      socket.destroy();
      this.fail(new GatewayError('upstream-protocol', { cause }));
    }
  }

  onError(error: GatewayError): void {
    // The client has left, or has its answer already: the lane gave the upstream up.
    if (!this.#isClosed && !this.#isEnded) this.fail(error);
  }

  /** An answer that the gateway gives itself. */
  #answer(answer: Answer): void {
    const { status, fields } = answer;
    const { method, requestId } = this.exchange;
    const bytes = bodyOf(answer);
    const hasBody = bytes.length > 0 && mayHaveBody(method, status);
    rewriteResponse(this.exchange, fields);
    if (status !== 204 && status !== 304 && fieldOf(fields, 'grpc-status') === undefined) {
      fields.push('content-length', String(bytes.length));
    }
    if (areWritable(fields)) {
      this.#status = status;
      this.#stream.sendHead(toHeaderBlock(status, fields), !hasBody);
      if (hasBody) {
        this.responseBytes = bytes.length;
        this.#stream.write(bytes, true);
      }
    } else {
      const err = new TypeError('A field of the answer holds a line break.');
      this.core.log.error({ err, requestId }, 'An answer has a field that HTTP does not allow.');
      this.#status = 500;
      this.#stream.sendHead([':status', '500', 'content-length', '0'], true);
    }
    this.#end(undefined);
  }

  #end(trailers: Fields | undefined): void {
    this.#isEnded = true;
    this.#stream.end(trailers);
    this.#stream.stopReading();
  }

  /** The upstream is of no use for this request: it is given up, and the client hears of the error. */
  #giveUp(error: GatewayError): void {
    this.fail(error);
    this.#upstream?.abort();
  }
}
