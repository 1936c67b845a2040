// ConnectionRecord: what is known of one finished connection of a TCP router, or session of a UDP one. The lane fills it, the access log reads it.

/** One finished connection. Text comes as the client sent it; whoever writes it out escapes it. */
export type ConnectionRecord = {
  /** Milliseconds since the epoch at which it was routed. */
  readonly startedAt: number;
  /** Milliseconds from there until both sides were closed, fractions allowed. */
  readonly durationMs: number;
  readonly entryPoint: string;
  readonly scheme: 'tcp' | 'tls' | 'udp';
  /** Address of the connection's other end. */
  readonly clientHost: string;
  readonly clientPort: number;
  /** What it asked for by TLS; empty where it named nobody. */
  readonly serverName: string;
  /** Bytes that came from the client since it was routed, and that went to it. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Qualified names. */
  readonly router: string;
  readonly service: string;
  /** Id of the replica that was asked last. */
  readonly replica: string | undefined;
  readonly replicaUrl: string | undefined;
  /** Replicas that could not be connected to. */
  readonly retries: number;
  /** FaultCode of model/errors.ts, where no replica could be connected to. */
  readonly fault: string | undefined;
  /** Whether the entry point wants it in the access log. */
  readonly logged: boolean;
};
