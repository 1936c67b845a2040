// The one table of everything that can go wrong with a request, and the error that carries it. A client sees `code`
// and the status; the cause goes to the log only. docs/errors.md is made from this table.

/** client: the request is at fault. upstream: a replica is. gateway: Berth or its configuration is. */
export type FaultSide = 'client' | 'upstream' | 'gateway';

/**
 * Whether another attempt is allowed. never: no. if-idempotent: once, for an idempotent request without a body of whose
 * answer not one byte had come (RFC 9110 §9.2.2). safe: nothing of the request was sent, so every replica may be tried.
 */
export type RetryRule = 'never' | 'if-idempotent' | 'safe';

type FaultKind = {
  readonly status: number;
  readonly side: FaultSide;
  readonly retry: RetryRule;
  /** One sentence for the client. */
  readonly message: string;
  /** One sentence for the operator. */
  readonly remedy: string;
};

/** By code, which clients may rely on. */
export const faults = {
  'bad-request': {
    status: 400,
    side: 'client',
    retry: 'never',
    message: 'The request is malformed.',
    remedy: 'The client sent something that HTTP does not allow; the access log names it.',
  },
  'bad-host': {
    status: 400,
    side: 'client',
    retry: 'never',
    message: 'The Host field is missing or malformed.',
    remedy: 'The client must send one Host field with a name or address, and optionally a port.',
  },
  'bad-path': {
    status: 400,
    side: 'client',
    retry: 'never',
    message: 'The path holds an encoded slash, a backslash, a NUL or a malformed escape.',
    remedy: 'Such paths mean different things to different servers. Let the client send a plain path.',
  },
  'target-too-long': {
    status: 414,
    side: 'client',
    retry: 'never',
    message: 'The request target is too long.',
    remedy: 'Paths may have 8 KiB and whole targets 32 KiB. Long texts belong into the body.',
  },
  'head-too-large': {
    status: 431,
    side: 'client',
    retry: 'never',
    message: 'The header fields of the request are too large or too many.',
    remedy: 'See http.maxHeaderBytes of the entry point. One field may have 64 KiB, a request 1000 fields.',
  },
  'body-too-large': {
    status: 413,
    side: 'client',
    retry: 'never',
    message: 'The request is too large.',
    remedy: 'The client sent oversized chunk extensions, or more than a router allows.',
  },
  'expectation-failed': {
    status: 417,
    side: 'client',
    retry: 'never',
    message: 'The expectation of the request is not known.',
    remedy: 'The client sent an Expect field other than 100-continue.',
  },
  'method-not-allowed': {
    status: 405,
    side: 'client',
    retry: 'never',
    message: 'The method is not allowed here.',
    remedy: 'CONNECT and TRACE are never forwarded.',
  },
  'client-refused': {
    status: 403,
    side: 'client',
    retry: 'never',
    message: 'A TCP middleware refused the connection.',
    remedy: 'The client is in no range of an ipAllowList, or has as many connections as inFlightConn allows.',
  },
  'no-router': {
    status: 404,
    side: 'gateway',
    retry: 'never',
    message: 'No router matches this request.',
    remedy:
      'Compare host, path and entry point with the rules at /api/http/routers, and look at the diagnostics.',
  },
  'not-configured': {
    status: 503,
    side: 'gateway',
    retry: 'never',
    message: 'The gateway has not read its first configuration yet.',
    remedy: 'Wait a moment. If it lasts, a provider cannot be reached: see the diagnostics.',
  },
  'no-server': {
    status: 503,
    side: 'gateway',
    retry: 'never',
    message: 'The service has no server.',
    remedy:
      'No running container declares this service, or its port or network is missing: see the diagnostics.',
  },
  'no-ready-replica': {
    status: 503,
    side: 'gateway',
    retry: 'never',
    message: 'No replica of the service is ready.',
    remedy: 'The reason names each state. Look at the replicas of the service in the dashboard.',
  },
  'upstream-refused': {
    status: 502,
    side: 'upstream',
    retry: 'safe',
    message: 'The replica refused the connection.',
    remedy: 'The process in the container does not listen on the labelled port (or only on 127.0.0.1).',
  },
  'upstream-unreachable': {
    status: 502,
    side: 'upstream',
    retry: 'safe',
    message: 'The replica cannot be reached.',
    remedy: 'Gateway and container must share a network: see label traefik.docker.network.',
  },
  'upstream-reset': {
    status: 502,
    side: 'upstream',
    retry: 'if-idempotent',
    message: 'The replica closed the connection before it answered.',
    remedy: 'Look at the log of the container: the process may have crashed on this request.',
  },
  'upstream-protocol': {
    status: 502,
    side: 'upstream',
    retry: 'never',
    message: 'The replica’s answer is not valid HTTP.',
    remedy: 'The port may speak TLS or gRPC: see label loadbalancer.server.scheme.',
  },
  'answer-too-large': {
    status: 500,
    side: 'upstream',
    retry: 'never',
    message: 'The answer is too large.',
    remedy: 'See maxResponseBodyBytes of the buffering middleware.',
  },
  'upstream-tls': {
    status: 502,
    side: 'upstream',
    retry: 'safe',
    message: 'The TLS handshake with the replica failed.',
    remedy: 'The certificate of the replica is not trusted, or the port does not speak TLS.',
  },
  'upstream-connect-timeout': {
    status: 504,
    side: 'upstream',
    retry: 'safe',
    message: 'The replica did not accept the connection in time.',
    remedy: 'The container may be paused or its network be cut.',
  },
  'upstream-timeout': {
    status: 504,
    side: 'upstream',
    retry: 'never',
    message: 'The replica did not answer in time.',
    remedy: 'The replica may hang or be overloaded.',
  },
  'upstream-first-byte-timeout': {
    status: 504,
    side: 'upstream',
    retry: 'never',
    message: 'The replica did not begin to answer in time.',
    remedy:
      'See timeouts.firstByte of the router, and serversTransport.forwardingTimeouts.responseHeaderTimeout.',
  },
  'upstream-idle-timeout': {
    status: 504,
    side: 'upstream',
    retry: 'never',
    message: 'The replica stopped in the middle of its answer.',
    remedy: 'See timeouts.idle of the router. What had come of the answer has been cut off.',
  },
  'total-timeout': {
    status: 504,
    side: 'gateway',
    retry: 'never',
    message: 'The request took longer than it may.',
    remedy: 'See timeouts.total of the router.',
  },
  'client-closed': {
    status: 499,
    side: 'client',
    retry: 'never',
    message: 'The client closed the connection.',
    remedy: 'Nothing to do.',
  },
  'request-timeout': {
    status: 408,
    side: 'client',
    retry: 'never',
    message: 'The request did not arrive in time.',
    remedy: 'See transport.respondingTimeouts.readTimeout of the entry point.',
  },
  'auth-unreachable': {
    status: 500,
    side: 'gateway',
    retry: 'never',
    message: 'The server that decides on access gave no answer.',
    remedy: 'Look at the address of the forwardAuth middleware; the log has the cause under the request id.',
  },
  'auth-body-too-large': {
    status: 401,
    side: 'client',
    retry: 'never',
    message: 'The request is too large to be decided on.',
    remedy: 'See maxBodySize of the forwardAuth middleware.',
  },
  'auth-answer-too-large': {
    status: 401,
    side: 'gateway',
    retry: 'never',
    message: 'The answer of the server that decides on access is too large.',
    remedy: 'See maxResponseBodySize of the forwardAuth middleware.',
  },
  loop: {
    status: 508,
    side: 'gateway',
    retry: 'never',
    message: 'The request has come through this gateway too often.',
    remedy: 'A service leads back to the gateway itself: look at its URL or port.',
  },
  internal: {
    status: 500,
    side: 'gateway',
    retry: 'never',
    message: 'Unexpected error.',
    remedy: 'The log has the cause under the request id. Please report it.',
  },
} as const satisfies Record<string, FaultKind>;

/** A row of the table. */
export type FaultCode = keyof typeof faults;

/** A fault of one exchange. `message` is safe to show to the client; `cause` is not. */
export class GatewayError extends Error {
  readonly code: FaultCode;
  /** Milliseconds after which the client may try again; sent as Retry-After. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FaultCode,
    options: { readonly cause?: unknown; readonly reason?: string; readonly retryAfterMs?: number } = {},
  ) {
    super(options.reason ?? faults[code].message, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same error where it is one of ours; else a fault of the gateway, `internal`, with it as its cause. */
export function toGatewayError(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : new GatewayError('internal', { cause: error });
}
