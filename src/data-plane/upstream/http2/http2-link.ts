// One connection of HTTP/2 to a replica. It stands once the other side has sent its settings: only then is it known to
// speak HTTP/2 and how many requests it takes at once.
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { GatewayError } from '../../../model/errors.ts';
import { toGatewayError } from '../to-gateway-error.ts';
import type { Http2Request, RequestOwner } from './http2-request.ts';
import { maxAnswerHeadBytes, streamWindowBytes } from './session-limits.ts';

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
};

/** What may be on its way to the gateway on one connection. */
const sessionWindowBytes = 4 * 1024 * 1024;

/** Replicas are trusted with more than clients are, but not with everything: megabytes, fields, bytes of a request's head. */
const maxSessionMemory = 64;
const maxFields = 2_000;
const maxRequestHeadBytes = 1024 * 1024;

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
export class Http2Link implements RequestOwner {
  readonly scheme: 'http' | 'https';
  state: 'connecting' | 'open' | 'gone' = 'connecting';
  active = 0;
  hasServed = false;
  failure: Error | undefined;
  #session: ClientHttp2Session | undefined;
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

  get session(): ClientHttp2Session {
    return this.#session as ClientHttp2Session;
  }

  get hasRoom(): boolean {
    return this.state === 'open' && this.active < this.#limit;
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
    else if (!this.#session.destroyed) this.#session.close();
  }

  /** Closes what is idle, and asks after those that are silent. */
  sweep(now: number): void {
    const session = this.#session;
    // A session that is over has no socket any more, though its `close` may take its time.
    if (this.state !== 'open' || session === undefined || session.destroyed) return;
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

  #ping(session: ClientHttp2Session): void {
    const timer = setTimeout(
      () => session.destroy(new Error('The replica does not answer a PING.')),
      pongMs,
    ).unref();
    session.ping(() => clearTimeout(timer));
  }

  #begin(socket: Socket): void {
    const session = connect(this.#options.origin, {
      createConnection: () => socket,
      maxSessionMemory,
      maxHeaderListPairs: maxFields,
      maxSendHeaderBlockLength: maxRequestHeadBytes,
      peerMaxConcurrentStreams: maxStreams,
      settings: {
        enablePush: false,
        initialWindowSize: streamWindowBytes,
        maxHeaderListSize: maxAnswerHeadBytes,
      },
    });
    this.#session = session;
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      this.#limit = Math.min(maxConcurrentStreams ?? defaultStreams, maxStreams);
      if (this.state === 'connecting') this.#stand(session);
      else if (this.hasRoom) this.#listener.onRoom();
    });
    session.on('error', (error) => {
      this.failure = error;
    });
    session.on('goaway', () => this.#leave(undefined));
    session.once('close', () => {
      if (this.state !== 'connecting') this.#leave(undefined);
      else this.#fail(toConnectError(this.failure));
    });
  }

  #stand(session: ClientHttp2Session): void {
    clearTimeout(this.#timer);
    this.state = 'open';
    session.setLocalWindowSize(sessionWindowBytes);
    this.#listener.onRoom();
  }

  #fail(error: GatewayError): void {
    if (this.state === 'gone') return;
    this.#leave(error);
    this.#attempt.destroy();
    this.#session?.destroy();
  }

  #leave(error: GatewayError | undefined): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    clearTimeout(this.#timer);
    this.#listener.onGone(this, error);
  }
}

/** What speaks, but not HTTP/2, is a wrong label and no dead replica. */
function toConnectError(error: Error | undefined): GatewayError {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (error === undefined || (typeof code === 'string' && code.startsWith('ERR_HTTP2'))) {
    const reason = 'The replica does not speak HTTP/2.';
    return new GatewayError('upstream-protocol', { cause: error, reason });
  }
  return toGatewayError(error, 'connecting');
}
