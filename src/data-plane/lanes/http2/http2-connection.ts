// One HTTP/2 connection of a client: its streams become exchanges, and what its client may not do is counted here.
import type { Socket } from 'node:net';
import type { ReadonlyFields } from '../../../lib/header-fields.ts';
import { errorCode } from '../../../lib/http2/frames.ts';
import type { EntryPoint } from '../../../model/startup.ts';
import type { Http2Stream } from '../../http2/http2-stream.ts';
import { type ServerOwner, ServerSession } from '../../http2/server-session.ts';
import type { SessionOptions, SessionParts } from '../../http2/session-options.ts';
import type { Connection } from '../connection-book.ts';
import { headLimitMs } from '../head-limit.ts';
import type { LaneCore } from '../lane.ts';
import { type Http2Client, Http2Exchange } from './http2-exchange.ts';
import { readRequestHead } from './request-head.ts';
import { isTooLarge } from './session-options.ts';
import { SignOfLife } from './sign-of-life.ts';
import { createWebSocketKey } from './web-socket-key.ts';

/** How long after it was asked to leave a client may begin what was on its way. One that answers the PING ends it sooner. */
const goawayGraceMs = 1_000;

/** How long a client that has been sent everything, and the end of it, has to close its side. */
const farewellMs = 5_000;

/** What all connections of the lane have in common. */
export type Http2LaneParts = {
  readonly core: LaneCore;
  readonly entryPoint: EntryPoint;
  readonly options: SessionOptions;
  readonly session: SessionParts;
};

/** Serves a connection to its end. */
export class Http2Connection implements Http2Client, ServerOwner {
  readonly core: LaneCore;
  readonly connection: Connection;
  readonly #entryPoint: EntryPoint;
  readonly #session: ServerSession;
  readonly #exchanges = new Set<Http2Exchange>();
  readonly #isTls: boolean;
  readonly #signOfLife: SignOfLife;
  readonly #onClose: () => void;
  #idleSince = performance.now();
  /** When the session was first found over though its connection is not; 0 before. */
  #overSince = 0;
  #isRetiring = false;
  /** Since when half a head has been there; 0 when none is. */
  #headSince = 0;

  constructor(socket: Socket, { core, entryPoint, options, session }: Http2LaneParts, onClose: () => void) {
    this.core = core;
    this.connection = core.connections.of(socket);
    this.connection.retire = () => this.#retire();
    this.#entryPoint = entryPoint;
    this.#isTls = 'encrypted' in socket;
    this.#onClose = onClose;
    this.#session = new ServerSession(socket, options, session, this);
    this.#signOfLife = new SignOfLife(this.#session, performance.now());
    if (core.connections.isRetired()) this.#retire();
  }

  /** Bytes that have been read of it already. */
  take(bytes: Buffer): void {
    this.#session.onData(bytes);
  }

  onExchangeEnd(exchange: Http2Exchange): void {
    this.#exchanges.delete(exchange);
    if (this.#exchanges.size === 0) this.#idleSince = performance.now();
  }

  onGone(failure: Error | undefined): void {
    if (failure !== undefined) {
      const client = this.connection.address;
      this.core.log.debug({ cause: failure.message, client }, 'An HTTP/2 connection failed.');
    }
    this.#onClose();
  }

  /** Ends what has run out of time. Called once in a while. */
  sweep(now: number): void {
    const session = this.#session;
    if (session.isOver) {
      this.#awaitFarewell(now);
      return;
    }
    if (!this.#signOfLife.isHeard(now)) {
      session.fail(errorCode.noError, 'The client is gone without a word.');
      return;
    }
    if (!session.isInHead) this.#headSince = 0;
    else if (this.#headSince === 0) this.#headSince = now;
    else if (now - this.#headSince >= headLimitMs(this.#entryPoint)) {
      session.fail(errorCode.noError, 'A head does not come in time.');
      return;
    }
    if (this.#exchanges.size === 0) {
      // Half a head on a new connection is no idle connection.
      const limit =
        this.connection.requests === 0 ? headLimitMs(this.#entryPoint) : this.#entryPoint.idleTimeoutMs;
      if (limit === 0 || now - this.#idleSince < limit) return;
      session.close();
      return;
    }
    const { readTimeoutMs, writeTimeoutMs, stallTimeoutMs } = this.#entryPoint;
    for (const exchange of this.#exchanges) {
      const stalledMs = exchange.measureStall(now);
      if (stallTimeoutMs > 0 && stalledMs >= stallTimeoutMs) {
        exchange.breakOff();
        continue;
      }
      if (exchange.isTunnel) continue;
      const age = now - exchange.exchange.startedTick;
      if (writeTimeoutMs > 0 && age >= writeTimeoutMs) exchange.breakOff();
      else if (readTimeoutMs > 0 && !exchange.isWhole && age >= readTimeoutMs && !exchange.isGrpc) {
        exchange.expire('request-timeout');
      }
    }
  }

  onRequest(stream: Http2Stream, block: ReadonlyFields, bytes: number): void {
    const { connection, core } = this;
    const { head, fault, webSocketKey } = readRequestHead(
      block,
      {
        clientAddress: connection.address,
        clientPort: connection.port,
        isTls: this.#isTls,
        hasBody: stream.hasBody,
      },
      createWebSocketKey,
    );
    connection.requests += 1;
    connection.underWay += 1;
    const exchange = new Http2Exchange(this, stream, core.readRequest(head), webSocketKey);
    this.#exchanges.add(exchange);
    exchange.run(isTooLarge(bytes, block.length / 2, this.#entryPoint) ? 'head-too-large' : fault);
    if (core.connections.isLast(connection)) this.#retire();
  }

  /** All has been said, and the client may take its time to close its side, but not without a limit. */
  #awaitFarewell(now: number): void {
    const { socket } = this.connection;
    // One that still reads its last answer may take longer.
    if (!socket.writableFinished) return;
    if (this.#overSince === 0) this.#overSince = now;
    else if (now - this.#overSince >= farewellMs) socket.destroy();
  }

  /** Asks the client to go elsewhere with what is new; what has begun is finished. */
  #retire(): void {
    const session = this.#session;
    if (this.#isRetiring || session.isOver) return;
    this.#isRetiring = true;
    const close = (): void => session.close();
    session.announceEnd();
    const timer = setTimeout(close, goawayGraceMs).unref();
    session.ping(() => {
      clearTimeout(timer);
      close();
    });
  }
}
