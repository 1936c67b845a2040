// One client's connection on the wire lane: requests one after the other, each from its first byte to the end of its
// answer. What is not plainly canonical is handed to the complete lane untouched, with all that follows it.
import type { Socket } from 'node:net';
import { disownStream, ownStream, type StreamOwner } from '../../../lib/stream-owner.ts';
import { findRouter } from '../../exchange/decide.ts';
import type { ReceivedFields } from '../../exchange/read-request.ts';
import type { CompiledRouter } from '../../exchange/snapshot.ts';
import { answerClientError } from '../answer-client-error.ts';
import type { Connection } from '../connection-book.ts';
import type { LaneCore } from '../lane.ts';
import { ClientIntake } from './client-intake.ts';
import { ClientWriter } from './client-writer.ts';
import type { CopyPool } from './copy-pool.ts';
import { freeBytes } from './free-bytes.ts';
import { mayBecomeHead, parseRequestHead, type RequestHead } from './request-head.ts';
import { closing } from './response-text.ts';
import { type WireClient, WireExchange } from './wire-exchange.ts';

/** Time limits towards clients, in milliseconds; 0 for none. */
export type WireLimits = {
  readonly headMs: number;
  readonly readMs: number;
  readonly writeMs: number;
  readonly idleMs: number;
};

/** What all connections of a lane share. */
export type WireLaneParts = {
  readonly core: LaneCore;
  readonly limits: WireLimits;
  readonly copies: CopyPool;
  /** What an answer that is not the last of its connection says of it. */
  readonly persistence: string;
  /** The complete lane takes the connection from here, beginning with these bytes. */
  handOver(socket: Socket, bytes: Buffer): void;
  /** The connection has left this lane. */
  forget(connection: WireConnection): void;
};

/** A head that is not complete by then is for the complete lane: here it would be read again with each packet. */
const maxHeadBytes = 16 * 1024;
/** So much is made text at first: a pipeline of short requests is not made text over and over again. */
const usualHeadBytes = 2 * 1024;
/** A request that came with more is not remembered: its lines would keep all of that alive on an idle connection. */
const maxRememberedBytes = 2 * 1024;
/** What a client may send ahead of its answer before it has to wait. */
const maxAheadBytes = 64 * 1024;
/** How long the rest of a body that nobody wants is read, so that the client gets to read the answer. */
const lingerMs = 5_000;
/** How long what has come of a broken response may take to reach the client before the connection is cut. */
const cutAfterMs = 5_000;

/** What the connection waits for. */
type Phase = 'request' | 'head' | 'body' | 'answer' | 'rest';

/** One connection. */
export class WireConnection implements WireClient, StreamOwner<Socket> {
  readonly core: LaneCore;
  readonly connection: Connection;
  readonly writer: ClientWriter;
  readonly #lane: WireLaneParts;
  readonly #socket: Socket;
  readonly #intake: ClientIntake;
  readonly #isTls: boolean;
  #exchange: WireExchange | undefined;
  #phase: Phase = 'request';
  /** When the phase has lasted too long, by performance.now(); 0 for never. */
  #deadline = 0;
  /** The last request, and what was received with it: what comes again is not read again. */
  #before: RequestHead | undefined;
  #received: ReceivedFields | undefined;
  /** Of the request under way. */
  #head: RequestHead | undefined;
  #requestTick = 0;
  /** Bytes of a head that is not complete, or sent ahead of an answer. */
  #ahead: Buffer | undefined;
  /** They are read on the next turn. */
  #isAheadNext = false;
  /** The last answer has been given: what still comes is no request any more. */
  #isEnding = false;

  constructor(socket: Socket, lane: WireLaneParts) {
    this.core = lane.core;
    this.connection = lane.core.connections.of(socket);
    this.writer = new ClientWriter(socket, lane.copies);
    this.#lane = lane;
    this.#socket = socket;
    this.#intake = new ClientIntake(socket);
    this.#isTls = 'encrypted' in socket;
    ownStream(socket, this);
    this.#enter('request', performance.now());
  }

  /** `first` has been read of it already. */
  begin(first: Buffer | undefined): void {
    if (first !== undefined) this.onData(first);
    this.#intake.begin();
  }

  onData(bytes: Buffer): void {
    this.#intake.count(bytes.length);
    if (this.connection.isGivenUp || (this.#isEnding && this.#phase !== 'rest')) return;
    if (this.#exchange !== undefined) this.#takeAhead(this.#exchange, bytes, 0);
    else if (this.#isAheadNext) this.#keepAhead(bytes);
    else this.#readRequest(bytes);
  }

  onDrain(): void {
    const exchange = this.#exchange;
    if (exchange?.isOver !== true) exchange?.onClientDrain();
    // What follows the rest of a body is the next request; the rest itself never is (smuggling).
    else if (exchange.body.isWhole) this.#next();
  }

  /**
   * The client has ended its side. As for Node, nginx and Envoy it has left then: there is no telling it from one that
   * has closed, and nobody should synthesise for nobody.
   */
  onEnd(): void {
    if (this.#exchange === undefined && this.#ahead !== undefined && !this.#isAheadNext) {
      answerClientError(new Error('The head is not complete.'), this.#socket);
      return;
    }
    // Nobody is left for what it has sent ahead.
    this.#isEnding = true;
    this.#exchange?.abandon();
    this.#socket.end();
  }

  onError(): void {
    this.#socket.destroy();
  }

  onClose(): void {
    this.#lane.forget(this);
    this.#exchange?.abandon();
  }

  /** Looks whether the client has had its time. */
  checkTime(now: number): void {
    if (this.#deadline === 0 || now < this.#deadline) return;
    this.#deadline = 0;
    const mayAnswer =
      this.#phase === 'head' || (this.#phase === 'body' && this.#exchange?.isUnanswered === true);
    this.#exchange?.abandon();
    if (mayAnswer) answerClientError(requestTimeout(), this.#socket);
    else this.#socket.destroy();
  }

  persistence(): string {
    return this.#isLast() ? closing : this.#lane.persistence;
  }

  #isLast(): boolean {
    return (
      this.#head?.closes === true ||
      this.#head?.upgrades === true ||
      this.connection.isGivenUp ||
      this.core.connections.isLast(this.connection)
    );
  }

  holdBody(): void {
    this.#intake.hold('body');
  }

  releaseBody(): void {
    this.#intake.release('body');
  }

  onExchangeEnd(): void {
    if (this.#isLast()) this.#finish();
    else if (this.#exchange?.body.isWhole === false) this.#awaitRest();
    else if (!this.writer.isFull) this.#next();
  }

  cut(): void {
    this.#isEnding = true;
    this.writer.flush();
    this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), cutAfterMs).unref();
  }

  release(): Socket {
    const socket = this.#socket;
    this.#lane.forget(this);
    disownStream(socket);
    // A tunnel may hold on to this for hours.
    this.#head = undefined;
    this.#before = undefined;
    this.#received = undefined;
    this.#exchange = undefined;
    this.#intake.hold('gone');
    this.writer.flush();
    if (this.#ahead !== undefined) socket.unshift(this.#ahead);
    return socket;
  }

  #readRequest(bytes: Buffer): void {
    const whole = this.#ahead === undefined ? bytes : Buffer.concat([this.#ahead, bytes]);
    let text = whole.toString('latin1', 0, Math.min(whole.length, usualHeadBytes));
    let end = text.indexOf('\r\n\r\n');
    if (end < 0 && whole.length > usualHeadBytes) {
      text = whole.toString('latin1', 0, Math.min(whole.length, maxHeadBytes));
      end = text.indexOf('\r\n\r\n');
    }
    if (end < 0) {
      if (whole.length >= maxHeadBytes || !mayBecomeHead(text)) this.#handOver(whole);
      else {
        this.#ahead = whole;
        if (this.#phase === 'request') this.#enter('head', performance.now());
      }
      return;
    }
    const head = parseRequestHead(text, end, this.#before);
    if (head === undefined) {
      this.#handOver(whole);
      return;
    }
    this.#ahead = undefined;
    this.#serve(head, whole, end + 4);
  }

  #serve(head: RequestHead, bytes: Buffer, bodyFrom: number): void {
    const { core, connection } = this;
    const known = head.fields === this.#before?.fields ? this.#received : undefined;
    const exchange = core.readRequest(
      {
        method: head.method,
        target: head.target,
        httpVersion: '1.1',
        rawHeaders: head.fields,
        clientAddress: connection.address,
        clientPort: connection.port,
        isTls: this.#isTls,
        hasBody: head.framing !== 'none',
        canUpgrade: head.upgrades,
      },
      known,
    );
    const isShort = bytes.length <= maxRememberedBytes;
    this.#before = isShort ? head : undefined;
    this.#received = isShort ? exchange.received : undefined;
    let router: CompiledRouter | undefined;
    let fault: unknown;
    try {
      router = findRouter(core.snapshot(), exchange);
    } catch (error) {
      fault = error;
    }
    if (router?.needsCompleteLane === true) {
      this.#handOver(bytes);
      return;
    }
    const running = new WireExchange(this, head, exchange);
    running.route.router = router;
    this.#head = head;
    this.#exchange = running;
    this.#requestTick = exchange.startedTick;
    connection.requests += 1;
    connection.underWay += 1;
    this.#enter(head.framing === 'none' ? 'answer' : 'body', exchange.startedTick);
    if (router === undefined) running.fail(fault);
    else running.run(router);
    if (bodyFrom < bytes.length) this.#takeAhead(running, bytes, bodyFrom);
  }

  /** What came behind a head: the body, then what the client sends ahead of its answer. */
  #takeAhead(exchange: WireExchange, bytes: Buffer, from: number): void {
    let at = from;
    if (!exchange.body.isWhole) {
      at = exchange.takeBody(bytes, from);
      if (at < 0) {
        if (exchange.isOver) this.#socket.destroy();
        else exchange.failBody();
        return;
      }
      if (exchange.body.isWhole) this.#onWholeRequest(exchange);
      else if (from === 0 && exchange.body.isTaken) {
        freeBytes(bytes);
        return;
      }
    }
    if (at >= bytes.length || this.connection.isGivenUp || this.#isEnding) return;
    this.#keepAhead(at === 0 ? bytes : bytes.subarray(at));
    if (this.#exchange === undefined) this.#readAheadSoon();
  }

  #keepAhead(bytes: Buffer): void {
    this.#ahead = this.#ahead === undefined ? bytes : Buffer.concat([this.#ahead, bytes]);
    if (this.#isFarAhead()) this.#intake.hold('ahead');
  }

  #isFarAhead(): boolean {
    return this.#ahead !== undefined && this.#ahead.length > maxAheadBytes;
  }

  /** On a turn of its own: a long pipeline must not be served on one stack, nor ahead of all other clients. */
  #readAheadSoon(): void {
    if (this.#isAheadNext) return;
    this.#isAheadNext = true;
    setImmediate(readAhead, this);
  }

  #onWholeRequest(exchange: WireExchange): void {
    if (!exchange.isOver) this.#enter('answer', this.#requestTick);
    else if (!this.writer.isFull) this.#next();
    // The client still reads its answer, and has as long for it as others have.
    else this.#enter('answer', performance.now());
  }

  /** The next request, when the client has taken the answer to the last one. */
  #next(): void {
    this.#exchange = undefined;
    this.#head = undefined;
    if (this.#isEnding || this.core.connections.isRetired()) {
      this.#finish();
      return;
    }
    this.#enter('request', performance.now());
    this.#intake.release('body');
    if (this.#ahead !== undefined) this.#readAheadSoon();
  }

  readAhead(): void {
    this.#isAheadNext = false;
    const ahead = this.#ahead;
    if (ahead === undefined || this.#isEnding || this.#socket.destroyed) return;
    this.#ahead = undefined;
    this.#readRequest(ahead);
    if (!this.#isFarAhead()) this.#intake.release('ahead');
  }

  /** The last answer is on its way. Closing over unread bytes may take it away again (RFC 9112 §9.6). */
  #finish(): void {
    this.#isEnding = true;
    if (this.#exchange?.body.isWhole !== false) this.#socket.destroySoon();
    else {
      this.#socket.end();
      this.#awaitRest();
    }
  }

  #awaitRest(): void {
    this.#enter('rest', performance.now());
    this.#intake.release('body');
  }

  #handOver(bytes: Buffer): void {
    this.#ahead = undefined;
    this.#lane.handOver(this.release(), bytes);
  }

  #enter(phase: Phase, since: number): void {
    this.#phase = phase;
    const limit = this.#limitOf(phase);
    this.#deadline = limit === 0 ? 0 : since + limit;
  }

  #limitOf(phase: Phase): number {
    const { limits } = this.#lane;
    switch (phase) {
      case 'request':
        return this.connection.requests === 0 ? limits.headMs : limits.idleMs;
      case 'head':
        return limits.headMs;
      case 'body':
        return limits.readMs;
      case 'answer':
        return limits.writeMs;
      case 'rest':
        return lingerMs;
    }
  }
}

/** As Node names it; the one place that answers what is no request knows it by that. */
function requestTimeout(): Error & { code: string } {
  return Object.assign(new Error('The request did not come in time.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}

function readAhead(connection: WireConnection): void {
  connection.readAhead();
}
