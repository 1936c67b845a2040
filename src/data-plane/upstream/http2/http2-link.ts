// One connection of HTTP/2 to a replica. It stands once the other side has sent its settings: only then is it known to
// speak HTTP/2 and how many requests it takes at once.
import type { Socket } from 'node:net';
import { maxFrameBytes, setting } from '../../../lib/http2/frames.ts';
import { defaultTableBytes } from '../../../lib/http2/hpack-decoder.ts';
import { GatewayError } from '../../../model/errors.ts';
import { type ClientOwner, ClientSession } from '../../http2/client-session.ts';
import { streamWindowBytes } from '../../http2/http2-stream.ts';
import type { SessionOptions, SessionParts } from '../../http2/session-options.ts';
import { toGatewayError } from '../to-gateway-error.ts';
import type { Http2Request, RequestOwner } from './http2-request.ts';

/** Opens a socket; `then` is called once, with the socket when it is ready for HTTP/2. */
export type OpenSocket = (then: (result: Socket | GatewayError) => void) => { destroy(): void };

/** Who hears of a connection. */
export type LinkListener = {
  /** It stands, or has room again. */
  onRoom(): void;
  /** It takes no more requests. `error`: it never stood. */
  onGone(link: Http2Link, error: GatewayError | undefined): void;
};

/** Settings of a connection. */
export type LinkOptions = {
  readonly origin: string;
  readonly connectTimeoutMs: number;
  readonly idleMs: number;
  /** Shared by all connections to the origin. */
  readonly session: SessionParts;
};

/** What may be on its way to the gateway on one connection. */
const windowBytes = 4 * 1024 * 1024;

/** Replicas are trusted with more than clients are, but not with everything: bytes and fields of an answer's head. */
const list = { maxBytes: 512 * 1024, maxFields: 2_000 };

const sessionOptions: SessionOptions = {
  isServer: false,
  settings: new Map([
    [setting.enablePush, 0],
    [setting.initialWindowSize, streamWindowBytes],
    [setting.maxFrameSize, maxFrameBytes],
    [setting.maxHeaderListSize, list.maxBytes],
  ]),
  windowBytes,
  list,
  encoderTableBytes: defaultTableBytes,
};

/** Requests at a time if the peer names no number (RFC 9113 §6.5.2 asks for at least 100). */
const defaultStreams = 100;
/** More would only queue in one place. */
const maxStreams = 1_000;

/** After so much silence under open requests the other side is asked whether it lives … */
const silenceMs = 60_000;
/** … and has so much time to say so. Not more often than every 5 minutes: gRPC servers cut off who pings more. */
const pongMs = 15_000;
const pingIntervalMs = 310_000;

/** A connection, from its first attempt to its end. */
export class Http2Link implements RequestOwner, ClientOwner {
  readonly scheme: 'http' | 'https';
  state: 'connecting' | 'open' | 'gone' = 'connecting';
  active = 0;
  hasServed = false;
  #session: ClientSession | undefined;
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  readonly #attempt: { destroy(): void };
  readonly #timer: NodeJS.Timeout;
  #limit = defaultStreams;
  #idleSince = performance.now();
  #bytesSeen = 0;
  #lastBytesTick = performance.now();
  #lastPingTick = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions, open: OpenSocket, listener: LinkListener) {
    this.#options = options;
    this.#listener = listener;
    this.scheme = options.origin.startsWith('https:') ? 'https' : 'http';
    this.#timer = setTimeout(
      () => this.#fail(new GatewayError('upstream-connect-timeout')),
      options.connectTimeoutMs,
    );
    this.#attempt = open((result) => {
      if (this.state === 'gone') {
        if (!(result instanceof GatewayError)) result.destroy();
      } else if (result instanceof GatewayError) this.#fail(result);
      else this.#begin(result);
    });
  }

  get session(): ClientSession {
    return this.#session as ClientSession;
  }

  get hasRoom(): boolean {
    return this.state === 'open' && this.active < this.#limit && this.session.isOpen;
  }

  start(request: Http2Request): void {
    this.active += 1;
    request.start(this);
  }

  onRequestEnd(answered: boolean): void {
    this.active -= 1;
    if (answered) this.hasServed = true;
    if (this.active === 0) this.#idleSince = performance.now();
    if (this.state === 'open') this.#listener.onRoom();
  }

  /** Takes no more requests, and closes when the last one is done. */
  retire(): void {
    this.#leave(undefined);
    if (this.#session === undefined) this.#attempt.destroy();
    else this.#session.close();
  }

  /** Closes what is idle, and asks after those that are silent. */
  sweep(now: number): void {
    const session = this.#session;
    if (this.state !== 'open' || session === undefined) return;
    if (this.active === 0) {
      this.#lastBytesTick = now;
      if (now - this.#idleSince >= this.#options.idleMs) this.retire();
      return;
    }
    const bytes = session.socket.bytesRead;
    if (bytes !== this.#bytesSeen) {
      this.#bytesSeen = bytes;
      this.#lastBytesTick = now;
    } else if (now - this.#lastBytesTick >= silenceMs && now - this.#lastPingTick >= pingIntervalMs) {
      this.#lastPingTick = now;
      this.#ping(session);
    }
  }

  #ping(session: ClientSession): void {
    const timer = setTimeout(() => session.socket.destroy(), pongMs).unref();
    session.ping(() => clearTimeout(timer));
  }

  #begin(socket: Socket): void {
    this.#session = new ClientSession(socket, sessionOptions, this.#options.session, this);
  }

  onSettings(): void {
    this.#limit = Math.min(this.session.peer.maxConcurrentStreams ?? defaultStreams, maxStreams);
    if (this.state === 'connecting') {
      clearTimeout(this.#timer);
      this.state = 'open';
    }
    if (this.hasRoom) this.#listener.onRoom();
  }

  onGoaway(): void {
    this.#leave(undefined);
  }

  onGone(failure: Error | undefined): void {
    if (this.state === 'connecting') this.#fail(toConnectError(failure));
    else this.#leave(undefined);
  }

  #fail(error: GatewayError): void {
    if (this.state === 'gone') return;
    this.#leave(error);
    this.#attempt.destroy();
    this.#session?.socket.destroy();
  }

  #leave(error: GatewayError | undefined): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    clearTimeout(this.#timer);
    this.#listener.onGone(this, error);
  }
}

/** What speaks, but not HTTP/2, is a wrong label and no dead replica. */
function toConnectError(failure: Error | undefined): GatewayError {
  if (failure !== undefined && 'code' in failure) return toGatewayError(failure, 'connecting');
  return new GatewayError('upstream-protocol', {
    cause: failure,
    reason: 'The replica does not speak HTTP/2.',
  });
}
