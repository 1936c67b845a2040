// One request on the wire lane, from its head to the end of its answer: bodies pass from socket to socket as they are,
// heads as text.

import type { Socket } from 'node:net';
import { forwardableResponseFields, forwardableTrailers } from '../../../lib/forwardable-fields.ts';
import type { Fields } from '../../../lib/header-fields.ts';
import { type FaultCode, GatewayError } from '../../../model/errors.ts';
import { acceptOf, hostFor, runRouter, targetFor, type Verdict } from '../../exchange/decide.ts';
import type { IncomingExchange } from '../../exchange/read-request.ts';
import { rescue } from '../../exchange/rescue.ts';
import type { CompiledBalancer, CompiledRouter } from '../../exchange/snapshot.ts';
import { beginLease, endLease, type Lease } from '../../live-state/lease.ts';
import { type LiveReplica, noteFirstByte, noteStatus } from '../../live-state/live-replica.ts';
import type { LoadReporter } from '../../live-state/load-reporter.ts';
import type { WireHead, WireLink, WireUser } from '../../live-state/upstream.ts';
import { type Answer, bodyOf } from '../../middlewares/exchange.ts';
import { fieldLines } from '../../upstream/wire/field-text.ts';
import type { Connection } from '../connection-book.ts';
import { maxInterimAnswers } from '../interim-limit.ts';
import type { LaneCore } from '../lane.ts';
import { nextReplica } from '../next-replica.ts';
import { isAskedProtocol, openTunnel } from '../open-tunnel.ts';
import { Passage } from '../passage.ts';
import { recordPassage } from '../record-passage.ts';
import { reportFault } from '../report-fault.ts';
import { UpstreamClock } from '../upstream-clock.ts';
import type { ClientWriter } from './client-writer.ts';
import { statusLine } from './common-lines.ts';
import { RequestBody } from './request-body.ts';
import type { RequestHead } from './request-head.ts';
import { toRequestText } from './request-text.ts';
import { toAnswerText, toResponseText } from './response-text.ts';

/** The client's connection, as an exchange sees it. */
export type WireClient = {
  readonly core: LaneCore;
  readonly connection: Connection;
  readonly writer: ClientWriter;
  /** The lines that say whether the answer under way is the last of the connection. */
  persistence(): string;
  /** Stops and lets go on what the client sends of its body. */
  holdBody(): void;
  releaseBody(): void;
  /** The answer is on its way; what was read behind the request is served next, or the connection ends. */
  onExchangeEnd(): void;
  /** A broken answer: what has come is delivered, then the connection ends without the end that would make it whole. */
  cut(): void;
  /** Gives the socket away, paused, with what was read and not used put back; nothing here listens to it any more. */
  release(): Socket;
};

/** One request and its answer. */
export class WireExchange extends Passage implements WireUser {
  readonly body: RequestBody;
  /** The client's answer has been given, or there is nobody to give it to. */
  isOver = false;
  /** Of the head that went to the client; 0 before one did. */
  #status = 0;
  readonly #client: WireClient;
  readonly #isChunked: boolean;
  #service: CompiledBalancer | undefined;
  #lease: Lease | undefined;
  #link: WireLink | undefined;
  #clock: UpstreamClock | undefined;
  #sentTick = 0;
  #hasFirstByte = false;
  #interimAnswers = 0;
  #framing: WireHead['framing'] = 'none';

  constructor(client: WireClient, head: RequestHead, exchange: IncomingExchange) {
    super(client.core, exchange, client.connection);
    this.#client = client;
    this.body = new RequestBody(head);
    this.#isChunked = head.framing === 'chunked';
  }

  /** Whether nothing of an answer has been given yet. */
  get isUnanswered(): boolean {
    return this.#status === 0;
  }

  get takesLargeParts(): boolean {
    return this.#client.writer.takesLargeParts;
  }

  /** Runs the router's middlewares and carries out what comes of it. */
  run(router: CompiledRouter): void {
    try {
      this.#carryOut(runRouter(router, this.exchange));
    } catch (error) {
      this.fail(error);
    }
  }

  #carryOut(verdict: Verdict): void {
    switch (verdict.kind) {
      case 'respond':
        this.#answer(verdict.answer);
        break;
      case 'forward':
        this.#service = verdict.service;
        this.#forward(verdict.replica);
        break;
      case 'wait':
        verdict.verdict.then(
          (settled) => {
            if (!this.isOver) this.#carryOut(settled);
          },
          (error: unknown) => this.fail(error),
        );
        break;
      case 'staged':
        // Routers with stages are compiled to need the complete lane.
        throw new Error('A request with stages came to the wire lane.');
    }
  }

  /** The client has left, or its time is up: nobody waits for the upstream any more. */
  abandon(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#link?.abort();
    this.#endLease(false);
    this.#leave();
  }

  /** Ends it with an error: an answer while there can be one, else a cut. */
  fail(error: unknown): void {
    if (this.isOver) return;
    const known = reportFault(this, error);
    if (this.#status !== 0) {
      this.isOver = true;
      this.#client.cut();
      this.#leave();
      return;
    }
    if (known.code === 'bad-request' || known.code === 'bad-host') this.connection.isGivenUp = true;
    this.#answer(rescue(known, acceptOf(this.exchange), this.exchange.requestId));
  }

  /** The body is badly framed: the connection is not to be believed any more. */
  failBody(): void {
    this.#link?.abort();
    this.#endLease(false);
    this.fail(new GatewayError('bad-request'));
  }

  #forward(replica: LiveReplica): void {
    const wire = replica.upstream?.wire;
    if (wire === undefined) {
      this.fail(new GatewayError('upstream-unreachable'));
      return;
    }
    this.replica = replica;
    this.replicaUrl = replica.replica.url;
    this.#lease = beginLease(replica, this.core.loads);
    const limits = this.route.router?.timeouts;
    if (limits !== undefined) {
      this.#clock = new UpstreamClock(limits, this.exchange.startedTick, (code) => this.#expire(code));
    }
    const now = performance.now();
    this.#link = wire.take(this, now, this.exchange.upgrade !== undefined);
    this.#sentTick = now;
    if (this.#link.isOpen) this.onOpen();
  }

  onOpen(): void {
    const { exchange, body } = this;
    const link = this.#link as WireLink;
    const replica = this.replica as LiveReplica;
    const host = hostFor(exchange.host, this.#service as CompiledBalancer, replica);
    const target = targetFor(exchange.path + exchange.query, replica);
    const isChanged = this.route.router?.chain.length !== 0;
    const text = toRequestText(exchange, target, host, { isChunked: this.#isChunked, isChanged });
    if (text === undefined) {
      this.abortUpstream();
      this.fail(new GatewayError('internal', { cause: new Error('A middleware wrote an illegal field.') }));
      return;
    }
    link.writeHead(text, exchange.method === 'HEAD', false);
    body.sendTo(link);
    this.#clock?.sent(body.isWhole);
    if (body.isWhole) link.endRequest();
    if (!body.isFull) this.#client.releaseBody();
  }

  /** More of the client's body has come; what is behind it is the connection's. */
  takeBody(bytes: Buffer, from: number): number {
    const { body } = this;
    const end = body.take(bytes, from);
    if (body.isWhole) {
      this.#link?.endRequest();
      this.#clock?.requestEnded();
    } else if (body.isFull) this.#client.holdBody();
    return end;
  }

  onWritable(): void {
    this.body.isFull = false;
    this.#client.releaseBody();
  }

  onInterim(status: number, fields: Fields): void {
    // 100 is between the replica and the gateway: nobody here has asked for it.
    if (this.isOver || status === 100) return;
    this.#interimAnswers += 1;
    if (this.#interimAnswers > maxInterimAnswers) {
      this.abortUpstream();
      this.fail(
        new GatewayError('upstream-protocol', { reason: 'The replica gave interim answers without end.' }),
      );
      return;
    }
    this.#client.writer.addText(
      `${statusLine(status)}${fieldLines(forwardableResponseFields(fields, false))}\r\n`,
    );
  }

  onHead(head: WireHead): void {
    if (this.isOver) return;
    this.#clock?.heard();
    const replica = this.replica as LiveReplica;
    noteStatus(replica, head.status);
    this.firstByteMs = performance.now() - this.#sentTick;
    this.upstreamStatus = head.status;
    if (head.framing === 'none') this.#noteFirstByte();
    this.#framing = head.framing;
    try {
      const { text, isEventStream } = toResponseText(this.exchange, head, this.#client.persistence());
      this.isEventStream = isEventStream;
      this.#status = head.status;
      this.#client.writer.addText(text);
    } catch (error) {
      this.abortUpstream();
      this.fail(error);
    }
  }

  onBody(bytes: Buffer): void {
    // The same packet may have brought what ended this exchange.
    if (this.isOver) return;
    const { writer } = this.#client;
    this.#clock?.heard();
    if (!this.#hasFirstByte) this.#noteFirstByte();
    if (this.#framing === 'close') {
      writer.addText(`${bytes.length.toString(16)}\r\n`);
      writer.addBytes(bytes);
      writer.addText('\r\n');
    } else writer.addBytes(bytes);
  }

  onPart(): void {
    const { writer } = this.#client;
    writer.flush();
    if (!writer.isFull) return;
    this.#link?.pause();
    this.#clock?.held();
  }

  /** The client has read what it was sent. */
  onClientDrain(): void {
    this.#clock?.released();
    this.#link?.resume();
  }

  onEnd(trailers: Fields): void {
    this.#endLease(false);
    if (this.#framing === 'chunked' || this.#framing === 'close') {
      const passed = this.exchange.takesTrailers ? fieldLines(forwardableTrailers(trailers)) : '';
      this.#client.writer.addText(`0\r\n${passed}\r\n`);
    }
    this.#end();
  }

  onUpgrade(fields: Fields, socket: Socket): void {
    this.upstreamStatus = 101;
    if (!isAskedProtocol(this.exchange.upgrade, fields)) {
      socket.destroy();
      this.#endLease(true);
      this.fail(new GatewayError('upstream-protocol'));
      return;
    }
    this.firstByteMs = performance.now() - this.#sentTick;
    this.isOver = true;
    this.isTunnel = true;
    this.#clock?.end();
    this.#link = undefined;
    openTunnel(this, this.#client.release(), fields, socket, leaseEnd(this.#lease, this.core.loads));
  }

  onFail(error: GatewayError): void {
    const failed = this.replica as LiveReplica;
    this.#endLease(error.code.startsWith('upstream-'));
    const service = this.#service as CompiledBalancer;
    const next = nextReplica(this.exchange, this, service, failed, error, {
      method: this.exchange.method,
      hasBody: this.exchange.hasBody,
      answered: this.upstreamStatus !== undefined,
    });
    if (next === undefined) this.fail(error);
    else this.#forward(next);
  }

  /** A time limit has passed: nothing more is heard of this attempt. */
  #expire(code: FaultCode): void {
    this.#link?.abort();
    this.onFail(new GatewayError(code));
  }

  abortUpstream(): void {
    this.#link?.abort();
    this.#endLease(true);
  }

  #noteFirstByte(): void {
    this.#hasFirstByte = true;
    noteFirstByte(this.replica as LiveReplica, performance.now() - this.#sentTick);
  }

  #endLease(failed: boolean): void {
    this.#clock?.end();
    this.#clock = undefined;
    if (this.#link !== undefined) this.responseBytes = this.#link.bodyBytes;
    this.#link = undefined;
    if (this.#lease !== undefined) endLease(this.#lease, failed, this.core.loads);
  }

  /** An answer that the gateway gives itself. */
  #answer(answer: Answer): void {
    const { status, fields } = answer;
    const body = bodyOf(answer);
    if (status !== 204 && status !== 304) fields.push('Content-Length', String(body.length));
    let text: string;
    try {
      text = toAnswerText(this.exchange, status, fields, this.#client.persistence());
    } catch (err) {
      const { requestId } = this.exchange;
      this.core.log.error({ err, requestId }, 'An answer has a field that HTTP does not allow.');
      this.connection.isGivenUp = true;
      this.#status = 500;
      this.#client.writer.addText(`${statusLine(500)}Content-Length: 0\r\nConnection: close\r\n\r\n`);
      this.#end();
      return;
    }
    this.#status = status;
    this.#client.writer.addText(text);
    if (this.exchange.method !== 'HEAD' && body.length > 0) {
      this.responseBytes = body.length;
      this.#client.writer.addBytes(body);
    }
    this.#end();
  }

  #end(): void {
    this.isOver = true;
    this.#client.writer.flush();
    if (!this.body.isWhole) this.body.discard();
    this.#leave();
    this.#client.onExchangeEnd();
  }

  #leave(): void {
    this.connection.underWay -= 1;
    this.requestBytes = this.body.bytes;
    recordPassage(this, this.#status);
  }
}

/** Not a closure of the exchange: a tunnel would hold that for hours. */
function leaseEnd(lease: Lease | undefined, loads: LoadReporter): () => void {
  return () => {
    if (lease !== undefined) endLease(lease, false, loads);
  };
}
