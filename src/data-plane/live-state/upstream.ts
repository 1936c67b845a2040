// What the data plane wants of connections to one origin. The room `upstream` makes it of undici; nobody else knows how.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import type { GatewayError } from '../../model/errors.ts';

/** One request as it goes out. */
export type UpstreamRequest = {
  readonly method: string;
  /** Origin-form: path and query. */
  readonly target: string;
  /** The Host field. */
  readonly host: string;
  /** Without Host, Connection, Transfer-Encoding, Upgrade and Expect: those are the connection's own. */
  readonly fields: ReadonlyFields;
  /** Pulled only once the connection stands, so that a refused one has read nothing. */
  readonly body: RequestBody | undefined;
  /** The protocol to change to, such as `websocket`. */
  readonly upgrade: string | undefined;
};

/** The body of a request while it comes. Not a stream: two lanes and two senders need no more than this, which costs less. */
export type RequestBody = {
  /** Lets it come. Called once at most; before that nothing of it is read. */
  begin(sink: BodySink): void;
  /** Lets more come after the sink gave false. */
  resume(): void;
  /**
   * Nobody wants more of it: what still comes is thrown away, and the sink hears nothing more. Nothing happens before
   * `begin`: a refused attempt leaves the body to the next one.
   */
  cancel(): void;
};

/** Where it goes. Exactly one of onBodyEnd and onBodyError is called, last and once, if it is not cancelled. */
export type BodySink = {
  /** Gives false when no more shall come until `resume`. */
  onBodyData(chunk: Buffer): boolean;
  /** All of it has come. */
  onBodyEnd(): void;
  /** The client has broken it off: it must not look whole to the upstream. */
  onBodyError(error: GatewayError): void;
};

/** What came of it. Exactly one of onEnd, onUpgrade and onError is called, last and once. */
export type UpstreamHandler = {
  /** The connection stands, and the request is on its way. */
  onSent?(): void;
  /** An interim answer (RFC 9110 §15.2) other than 100 and 101. */
  onInformation(status: number, fields: Fields): void;
  /** `isLast`: neither a body nor trailers follow, as far as that is known already (HTTP/2 says so with the head). */
  onHead(status: number, fields: ReadonlyFields, isLast?: boolean): void;
  /** Gives false when no more shall come until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(trailers: Fields): void;
  /** The upstream has answered 101: the socket is the caller's from now on. */
  onUpgrade(fields: Fields, socket: Duplex): void;
  onError(error: GatewayError): void;
};

/** A request under way. */
export type UpstreamExchange = {
  /** Lets data come again after onData gave false. */
  resume(): void;
  /** Ends it at once; the connection is closed. `onError` follows. */
  abort(): void;
  /** Whether its connection has served another request before (RFC 9112 §9.3.1). */
  readonly reused: boolean;
};

/** How connections to an origin are made and kept. */
export type Transport = {
  /** Transports of one key are alike: what is connected by one of them serves the others too. */
  readonly key: string;
  /** How long a connection may take to stand, TLS included. */
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept. */
  readonly keepAliveMs: number;
  /** The same for HTTP/2: closed with a GOAWAY, which no request can miss, it may stay for longer. */
  readonly http2IdleMs: number;
  /** So many idle connections are kept. */
  readonly maxIdle: number;
  readonly tls: TransportTls;
};

/** What is shown to a server over TLS, and what is wanted of it. Certificates and keys are PEM. */
export type TransportTls = {
  /** Trusted authorities; absent: Node's. */
  readonly ca?: readonly string[];
  /** Shown where the server asks for one. */
  readonly certificates?: readonly { readonly cert: string; readonly key: string }[];
  /** Whether its certificate has to be trusted and be of its name. */
  readonly rejectUnauthorized: boolean;
};

/** Traefik's dialTimeout; and 1 s less than uvicorn's keep-alive, so that the gateway is the one that closes. */
export const defaultTransport: Transport = {
  key: '',
  connectTimeoutMs: 30_000,
  keepAliveMs: 4_000,
  http2IdleMs: 60_000,
  maxIdle: Number.POSITIVE_INFINITY,
  tls: { rejectUnauthorized: true },
};

/** All connections to one origin. */
export type Upstream = {
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange;
  /** The same origin as bytes on its sockets; undefined where it does not speak HTTP/1.1. */
  readonly wire: WireUpstream | undefined;
  /** Idle connections close now, the others when they are done. */
  close(): void;
};

/** Connections to an HTTP/1.1 origin for a lane that writes and reads the bytes itself. */
export type WireUpstream = {
  /**
   * An idle connection, or one that is being opened: `user` hears when it stands. `now` is performance.now(). Only one
   * taken with `isTunnel` can change its protocol.
   */
  take(user: WireUser, now: number, isTunnel: boolean): WireLink;
};

/** One connection, in the hands of one request. */
export type WireLink = {
  /** Whether it stands; before that nothing may be written. */
  readonly isOpen: boolean;
  /** Whether it has served another request before (RFC 9112 §9.3.1). */
  readonly reused: boolean;
  /** Bytes of data read of the response under way, or of the last one. */
  readonly bodyBytes: number;
  /** Writes the request's head, latin1. With `unwraps` the parts of a chunked answer come without their framing. */
  writeHead(head: string, isHeadRequest: boolean, unwraps: boolean): void;
  /** Writes a part of the body, framed as the head said. False: no more until `onWritable`. */
  writeBody(bytes: Buffer): boolean;
  /** Whether the kernel has taken all that was written: nothing here refers to those bytes any more. */
  readonly isDrained: boolean;
  /** The request has been written to its end: only then is the connection used again. */
  endRequest(): void;
  /** Stops and lets go on what comes back. */
  pause(): void;
  resume(): void;
  /** Closes it; nothing more is heard of it. */
  abort(): void;
};

/** A response's head as the wire has it. */
export type WireHead = {
  readonly status: number;
  readonly fields: ReadonlyFields;
  /** none: no body. length: so many bytes. chunked: comes in chunks. close: ends with the connection. */
  readonly framing: 'none' | 'length' | 'chunked' | 'close';
  readonly length: number;
  /** The origin has sent the same bytes before, and this is what was read from them then. */
  repeats: boolean;
  /** Kept by whoever passes it on, for the next time. */
  passed: PassedHead | undefined;
};

/** A response's head as it goes on, without what concerns the client's connection. */
export type PassedHead = {
  /** Status line and field lines. */
  readonly lines: string;
  readonly hasDate: boolean;
  readonly isEventStream: boolean;
};

/** Hears of one request's connection. Exactly one of onEnd, onUpgrade and onFail is called, last and once. */
export type WireUser = {
  /** Whether large parts of a long body are welcome now; usual ones are, if absent. */
  readonly takesLargeParts?: boolean;
  onOpen(): void;
  /** Body may be written again. */
  onWritable(): void;
  onInterim(status: number, fields: Fields): void;
  onHead(head: WireHead): void;
  /**
   * A part of the body; a chunked one in its framing, without the last chunk, or unwrapped. To be copied if it is kept.
   */
  onBody(bytes: Buffer): void;
  /** Nothing more has come for now: what is held back for a larger write should go out. */
  onPart(): void;
  onEnd(trailers: Fields): void;
  /** 101: the socket is the user's from now on, paused, with what came behind the head put back. */
  onUpgrade(fields: Fields, socket: Socket): void;
  onFail(error: GatewayError): void;
};
