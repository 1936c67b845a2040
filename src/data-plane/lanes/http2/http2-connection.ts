// One HTTP/2 connection of a client: its streams become exchanges, and what its client may not do is counted here.
import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { EntryPoint } from '../../../model/startup.ts';
import type { Connection } from '../connection-book.ts';
import { headLimitMs } from '../head-limit.ts';
import type { LaneCore } from '../lane.ts';
import { type Http2Client, Http2Exchange } from './http2-exchange.ts';
import { readRequestHead } from './request-head.ts';
import { isTooLarge, sessionWindowBytes, toSessionOptions } from './session-options.ts';
import { SignOfLife } from './sign-of-life.ts';
import { createWebSocketKey } from './web-socket-key.ts';

const { NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR } = constants;

/** The highest stream id: "send no more, but nothing of what you have sent is lost" (RFC 9113 §6.8). */
const lastStreamId = 2 ** 31 - 1;
/** How long after that the connection takes what was on its way. A client that answers the ping ends it sooner. */
const goawayGraceMs = 1_000;

/** How long a client that has been sent everything, and the end of it, has to close its side. */
const farewellMs = 5_000;

/**
 * Streams that a client may reset before they are answered: so many at once, and so many a second. A client of gRPC that
 * cancels calls stays below; a rapid reset (CVE-2023-44487) costs no more than this many requests. Streams that the
 * client makes nghttp2 reset by faulty frames (CVE-2025-8671) count too.
 */
const resetBurst = 400;
const resetsPerSecond = 100;

/** Serves a connection to its end. */
export class Http2Connection implements Http2Client {
  readonly core: LaneCore;
  readonly connection: Connection;
  readonly #entryPoint: EntryPoint;
  readonly #session: ServerHttp2Session;
  readonly #exchanges = new Set<Http2Exchange>();
  readonly #isTls: boolean;
  /** Undefined before the session is set up. */
  #signOfLife: SignOfLife | undefined;
  #idleSince = performance.now();
  /** When the session was first found over though its connection is not; 0 before. */
  #overSince = 0;
  #isRetiring = false;
  #resets = resetBurst;
  #resetTick = performance.now();

  constructor(socket: Socket, entryPoint: EntryPoint, core: LaneCore, onClose: () => void) {
    this.core = core;
    this.connection = core.connections.of(socket);
    this.connection.retire = () => this.#retire();
    this.#entryPoint = entryPoint;
    this.#isTls = 'encrypted' in socket;
    // HTTP/2 has no half-closed connections: a client that ends its side has left, and its streams with it.
    socket.allowHalfOpen = false;
    const session = performServerHandshake(socket, toSessionOptions(entryPoint)) as ServerHttp2Session;
    this.#session = session;
    session.once('connect', () => {
      if (session.destroyed) return;
      session.setLocalWindowSize(sessionWindowBytes);
      this.#signOfLife = new SignOfLife(session, performance.now());
    });
    session.on('stream', (stream, _headers, _flags, block) => this.#serve(stream, block as string[]));
    session.on('error', ({ message }) => {
      core.log.debug({ cause: message, client: this.connection.address }, 'An HTTP/2 connection failed.');
    });
    session.once('close', onClose);
    if (core.connections.isRetired()) this.#retire();
  }

  onStreamEnd(exchange: Http2Exchange, isReset: boolean): void {
    this.#exchanges.delete(exchange);
    if (this.#exchanges.size === 0) this.#idleSince = performance.now();
    if (isReset && !this.#session.destroyed) this.#countReset();
  }

  /** Ends what has run out of time. Called once in a while. */
  sweep(now: number): void {
    if (this.#session.destroyed) {
      this.#awaitFarewell(now);
      return;
    }
    if (this.#signOfLife?.isHeard(now) === false) {
      this.#session.destroy(new Error('The client is gone without a word.'));
      return;
    }
    if (this.#exchanges.size === 0) {
      // Half a head on a new connection is no idle connection.
      const limit =
        this.connection.requests === 0 ? headLimitMs(this.#entryPoint) : this.#entryPoint.idleTimeoutMs;
      if (limit === 0 || now - this.#idleSince < limit) return;
      // A close waits for a head of which half has come.
      if (this.#session.closed) this.#session.destroy();
      else this.#close();
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

  #serve(stream: ServerHttp2Stream, block: readonly string[]): void {
    const { connection, core } = this;
    const { head, fault, webSocketKey } = readRequestHead(
      block,
      {
        clientAddress: connection.address,
        clientPort: connection.port,
        isTls: this.#isTls,
        hasBody: !stream.endAfterHeaders,
      },
      createWebSocketKey,
    );
    connection.requests += 1;
    connection.underWay += 1;
    const exchange = new Http2Exchange(this, stream, core.readRequest(head), webSocketKey);
    this.#exchanges.add(exchange);
    exchange.run(isTooLarge(block, this.#entryPoint) ? 'head-too-large' : fault);
    if (core.connections.isLast(connection)) this.#retire();
  }

  /** Node has let go of the session, and waits without a limit for a client that does not close its side. */
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
    if (this.#isRetiring || session.destroyed) return;
    this.#isRetiring = true;
    const close = (): void => this.#close();
    session.goaway(NGHTTP2_NO_ERROR, lastStreamId);
    const timer = setTimeout(close, goawayGraceMs).unref();
    const onPong = (): void => {
      clearTimeout(timer);
      close();
    };
    if (!session.ping(onPong)) close();
  }

  /** Takes no further stream; ends with the last one that is open. */
  #close(): void {
    if (!this.#session.destroyed) this.#session.close();
  }

  #countReset(): void {
    const now = performance.now();
    this.#resets =
      Math.min(resetBurst, this.#resets + ((now - this.#resetTick) / 1_000) * resetsPerSecond) - 1;
    this.#resetTick = now;
    if (this.#resets >= 0) return;
    this.#session.destroy(new Error('The client resets streams without end.'), NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
