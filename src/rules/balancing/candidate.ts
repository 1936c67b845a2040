// What a picker sees of the servers that it may choose from, and the state that it keeps with them. Pure: whoever owns
// the objects decides how long they live.

/** One server that may be chosen. Its owner keeps it for as long as the server exists. */
export type Candidate = {
  readonly id: string;
  /** Share of the requests; at least 1. */
  readonly weight: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Mean time until the first byte of a body, in milliseconds; 0 before the first one. */
  readonly firstByteMs: number;
  /** When it is due by the clock of its group; -1 before its first turn. Written by the pickers alone. */
  turn: number;
};

/** What the candidates of one service share. */
export type BalancerGroup = {
  /** Turn of the candidate that was picked last; starts at 0. Written by the pickers alone. */
  clock: number;
};

/** What a picker may know of the request. */
export type PickContext = {
  /** Address of the client, for pickers that keep a client on one server. */
  readonly clientAddress: string;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
};

/** Chooses one of at least one candidate. Synchronous; allocates nothing. */
export type Picker = <C extends Candidate>(
  candidates: readonly C[],
  group: BalancerGroup,
  context: PickContext,
) => C | undefined;
