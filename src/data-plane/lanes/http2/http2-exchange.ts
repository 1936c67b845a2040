// One request on the HTTP/2 lane, from its head to the end of its stream.

import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { forwardableResponseFields, forwardableTrailers } from '../../../lib/forwardable-fields.ts';
import { type Fields, fieldOf } from '../../../lib/header-fields.ts';
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
import type { LiveReplica } from '../../live-state/live-replica.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../../live-state/upstream.ts';
import { type Answer, bodyOf } from '../../middlewares/exchange.ts';
import { sendOnWire } from '../../upstream/wire/send-on-wire.ts';
import { type BodyListener, ClientBody } from '../client-body.ts';
import type { Connection } from '../connection-book.ts';
import { maxInterimAnswers } from '../interim-limit.ts';
import type { LaneCore } from '../lane.ts';
import { Passage } from '../passage.ts';
import { recordPassage } from '../record-passage.ts';
import { reportFault } from '../report-fault.ts';
import { sendThrough, toServiceRequest } from '../send-through.ts';
import { ServiceRequest } from '../service-request.ts';
import { openStreamTunnel } from './open-stream-tunnel.ts';
import { awaitDrain, awaitTrailers, type ClientStreamOwner, ownClientStream } from './own-client-stream.ts';
import {
  areWritable,
  lengthOf,
  mayHaveBody,
  toClientFields,
  toHeaderBlock,
  toHeaderObject,
} from './response-fields.ts';
import { stopReadingAfter } from './stop-reading.ts';
import { isAccepted } from './web-socket-key.ts';

const { NGHTTP2_INTERNAL_ERROR } = constants;

/** The client's side, as an exchange sees it. */
export type Http2Client = {
  readonly core: LaneCore;
  readonly connection: Connection;
  /** The stream is over. `isReset`: the client, or nghttp2 on its behalf, ended it before the answer was whole. */
  onStreamEnd(exchange: Http2Exchange, isReset: boolean): void;
};

/** One request and its answer. */
export class Http2Exchange extends Passage implements UpstreamHandler, BodyListener, ClientStreamOwner {
  /** Whether all of the request has come, or none of it is waited for. */
  isWhole: boolean;
  readonly #client: Http2Client;
  readonly #stream: ServerHttp2Stream;
  readonly #webSocketKey: string | undefined;
  /** Of the head that went to the client; 0 before one did. */
  #status = 0;
  /** The answer is complete, or has been broken off on purpose. */
  #isEnded = false;
  #isClosed = false;
  #upstream: UpstreamExchange | undefined;
  #interimAnswers = 0;
  #waitsForDrain = false;
  /** What the client had taken at the last look, and since when it has been so much. */
  #takenBytes = 0;
  #stalledTick = 0;
  #trailers: Fields | undefined;
  /** Bytes of the answer's body, where its head says so and no trailers follow; -1 where that is not known. */
  #length = -1;

  constructor(
    client: Http2Client,
    stream: ServerHttp2Stream,
    exchange: IncomingExchange,
    webSocketKey: string | undefined,
  ) {
    super(client.core, exchange, client.connection);
    this.#client = client;
    this.#stream = stream;
    this.#webSocketKey = webSocketKey;
    this.isWhole = !exchange.hasBody;
    ownClientStream(stream, this);
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
    // Bytes count when the write that they came with is done: Node tells no more of a stream.
    const waiting = this.#stream.writableLength;
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

  /**
   * Ends the stream by INTERNAL_ERROR, without an end to the answer. Not by close(): Node ends the stream in front of the
   * reset then, and a cut answer would look whole (END_STREAM).
   */
  breakOff(): void {
    this.#isEnded = true;
    this.#stream.destroy(new Error('The answer is broken off.'));
    this.#upstream?.abort();
  }

  onBodyWanted(): void {
    const stream = this.#stream;
    if (this.exchange.expectsContinue && !stream.headersSent && !stream.destroyed) {
      stream.additionalHeaders({ ':status': 100 });
    }
  }

  onBodyBytes(count: number): void {
    this.requestBytes += count;
  }

  onBodyWhole(): void {
    this.isWhole = true;
  }

  #forward(verdict: ForwardVerdict | StagedVerdict): void {
    const body = this.exchange.hasBody ? new ClientBody(this.#stream, this) : undefined;
    const request = toServiceRequest(this.exchange, body);
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
    const stream = this.#stream;
    if (this.#status !== 0 || stream.destroyed || stream.closed) return;
    this.#interimAnswers += 1;
    if (this.#interimAnswers > maxInterimAnswers) {
      const reason = 'The replica gave interim answers without end.';
      this.#giveUp(new GatewayError('upstream-protocol', { reason }));
      return;
    }
    const headers = toHeaderObject(forwardableResponseFields(fields, false));
    headers[':status'] = status;
    try {
      stream.additionalHeaders(headers);
    } catch (cause) {
      this.#giveUp(new GatewayError('upstream-protocol', { cause }));
    }
  }

  onHead(status: number, upstreamFields: Fields, isLast = false): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    const { exchange } = this;
    const fields = toClientFields(exchange, status, upstreamFields);
    this.isEventStream = fieldOf(fields, 'content-type')?.startsWith('text/event-stream') ?? false;
    if (exchange.responseRewrites.length > 0 && !areWritable(fields)) {
      this.#giveUp(new GatewayError('upstream-protocol'));
      return;
    }
    const waitForTrailers = exchange.takesTrailers && !isLast && mayHaveBody(exchange.method, status);
    try {
      stream.respond(toHeaderBlock(status, fields), { endStream: isLast, waitForTrailers });
    } catch (cause) {
      // A field or a status that HTTP/2 does not allow.
      this.#giveUp(new GatewayError('upstream-protocol', { cause }));
      return;
    }
    this.#status = status;
    if (waitForTrailers) awaitTrailers(stream);
    else this.#length = lengthOf(fields);
  }

  onData(chunk: Buffer): boolean {
    this.responseBytes += chunk.length;
    const stream = this.#stream;
    if (this.#isClosed || stream.writableEnded) return true;
    // With the end in the same call it goes out in the last frame, and the stream is done with earlier.
    if (this.responseBytes === this.#length) {
      stream.end(chunk);
      return true;
    }
    if (stream.write(chunk)) return true;
    if (!this.#waitsForDrain) {
      this.#waitsForDrain = true;
      awaitDrain(stream);
    }
    return false;
  }

  /** The client takes data again. */
  onDrain(): void {
    this.#waitsForDrain = false;
    this.#upstream?.resume();
  }

  onEnd(trailers: Fields): void {
    if (this.#isClosed || this.#isEnded) return;
    this.#trailers = trailers;
    this.#end(undefined);
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
    try {
      if (!areWritable(fields)) throw new TypeError('A field of the answer holds a line break.');
      this.#stream.respond(toHeaderBlock(status, fields), { endStream: !hasBody });
      this.#status = status;
    } catch (err) {
      if (this.#stream.destroyed || this.#stream.closed) return;
      this.core.log.error({ err, requestId }, 'An answer has a field that HTTP does not allow.');
      this.#stream.respond([':status', '500', 'content-length', '0'], { endStream: true });
      this.#status = 500;
      this.#end(undefined);
      return;
    }
    if (hasBody) this.responseBytes = bytes.length;
    this.#end(hasBody ? bytes : undefined);
  }

  #end(last: Buffer | undefined): void {
    const stream = this.#stream;
    this.#isEnded = true;
    if (last !== undefined) stream.end(last);
    else if (!stream.writableEnded) stream.end();
    if (this.isWhole) return;
    stopReadingAfter(stream);
  }

  onWantTrailers(): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    const trailers = forwardableTrailers(this.#trailers ?? []);
    try {
      stream.sendTrailers(toHeaderObject(trailers));
    } catch (cause) {
      this.fail(new GatewayError('upstream-protocol', { cause }));
      stream.close(NGHTTP2_INTERNAL_ERROR);
    }
  }

  /** The upstream is of no use for this request: it is given up, and the client hears of the error. */
  #giveUp(error: GatewayError): void {
    this.fail(error);
    this.#upstream?.abort();
  }

  onClose(): void {
    this.#isClosed = true;
    const isWhole = this.#isEnded || this.isTunnel;
    this.#upstream?.abort();
    this.connection.underWay -= 1;
    recordPassage(this, this.#status);
    this.#client.onStreamEnd(this, !isWhole);
  }
}
