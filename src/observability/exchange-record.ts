// ExchangeRecord: what is known of one finished request. The data plane fills it, access log and metrics read it.

/** What the client spoke, in Traefik's words: a plain exchange, an upgraded one, or an event stream. */
export type ExchangeProtocol = 'http' | 'websocket' | 'sse';

/** What a connection is counted as while it is open. */
export type ConnectionProtocol = ExchangeProtocol | 'tcp' | 'udp';

/** One finished exchange. Text comes as the client sent it; whoever writes it out escapes it. */
export type ExchangeRecord = {
  /** Milliseconds since the epoch at which the request's head had come. */
  readonly startedAt: number;
  /** Milliseconds from there until the last byte of the response, fractions allowed. */
  readonly durationMs: number;
  readonly requestId: string;
  readonly entryPoint: string;
  readonly protocol: ExchangeProtocol;
  /** As on the wire: HTTP/1.1, HTTP/2.0. */
  readonly httpVersion: string;
  readonly scheme: 'http' | 'https';
  /** Address of the connection's other end. */
  readonly clientHost: string;
  readonly clientPort: number;
  /** Name of who asks, where a middleware has found it out. */
  readonly user: string | undefined;
  /** The Host field, port included. */
  readonly host: string;
  readonly method: string;
  /** Path and query as they came. */
  readonly path: string;
  readonly userAgent: string | undefined;
  /** What the client was answered; 499 where it had gone before. */
  readonly status: number;
  /** Bytes of the request's body. */
  readonly requestBytes: number;
  /** Bytes of the response's body that were sent. */
  readonly responseBytes: number;
  /** Qualified name; absent where no router matched. */
  readonly router: string | undefined;
  readonly service: string | undefined;
  /** Id of the replica that was asked last. */
  readonly replica: string | undefined;
  readonly replicaUrl: string | undefined;
  /** Milliseconds from sending to the replica until the first byte of its response. */
  readonly upstreamFirstByteMs: number | undefined;
  /** What the replica answered, where it did. */
  readonly upstreamStatus: number | undefined;
  readonly retries: number | undefined;
  /** FaultCode of model/errors.ts, where Berth made the answer because of a fault. */
  readonly fault: string | undefined;
  /** Whether entry point and router want it in the access log. */
  readonly logged: boolean;
  /** Whether entry point and router want it counted. */
  readonly counted: boolean;
};
