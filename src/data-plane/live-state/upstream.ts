// What the data plane wants of connections to one origin. The room `upstream` makes it of undici; nobody else knows how.
import type { Duplex, Readable } from 'node:stream';
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
  readonly body: Readable | undefined;
  /** The protocol to change to, such as `websocket`. */
  readonly upgrade: string | undefined;
};

/** What came of it. Exactly one of onEnd, onUpgrade and onError is called, last and once. */
export type UpstreamHandler = {
  /** An interim answer (RFC 9110 §15.2) other than 100 and 101. */
  onInformation(status: number, fields: Fields): void;
  onHead(status: number, fields: Fields): void;
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

/** All connections to one origin. */
export type Upstream = {
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange;
  /** Idle connections close now, the others when they are done. */
  close(): void;
};
