// How long to wait before the next attempt: twice as long each time, up to a limit, with jitter so that many clients
// of one server that comes back do not all come at once.

/** Lengths of time in milliseconds. */
export type BackoffOptions = {
  /** The longest first delay. */
  readonly firstMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
  /** A number from 0 to below 1; Math.random unless a test gives another. */
  readonly random?: () => number;
};

/** A row of growing delays. */
export type Backoff = {
  /** Milliseconds to wait before the next attempt: between half and the whole of the present step. */
  next(): number;
  /** To be called after a success: the next delay is a first one again. */
  reset(): void;
};

/** Exponential back-off with equal jitter: half of each step is fixed, so that no attempt follows at once. */
export function createBackoff({ firstMs, maxMs, random = Math.random }: BackoffOptions): Backoff {
  let step = firstMs;
  return {
    next() {
      const delay = step / 2 + (step / 2) * random();
      step = Math.min(step * 2, maxMs);
      return Math.min(delay, maxMs);
    },
    reset() {
      step = firstMs;
    },
  };
}
