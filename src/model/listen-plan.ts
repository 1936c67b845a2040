// Which sockets a gateway wants before it starts.

/** An address to listen on. */
export type ListenPlan = {
  readonly entryPoint: string;
  /** Absent for TCP. */
  readonly protocol?: 'udp';
  /** Empty for all addresses. */
  readonly host: string;
  /** 0 for a free one, which later generations then keep. */
  readonly port: number;
  /** Other programs may listen there too. */
  readonly reusePort: boolean;
  /** Sockets to share its connections: one for each worker. */
  readonly slots: number;
};
