// Runs one piece of work for many requests: the first at once, those of a burst together. There is no fixed delay,
// because what makes a burst expensive is the work itself.

/** What is run, and how often. */
export type PacerOptions = {
  /** The work. It is synchronous; what it throws reaches the caller of `request`, or ends the process from a timer. */
  readonly run: () => void;
  /** Least time between the end of one run and the next, in milliseconds. Default 0. */
  readonly gapMs?: number;
};

/** Work that is asked for more often than it is done. */
export type Pacer = {
  /** Work is wanted: it is done before this returns, unless a run has just ended; then after a pause, once for all. */
  request(): void;
  /** Nothing runs any more. */
  close(): void;
};

/** Longer pauses would not save much, and a rare long run (the first one) should not delay what follows it. */
const maxPauseMs = 50;

/**
 * The pause after a run is as long as the run took, at most 50 ms, or `gapMs` if that is more. So short runs take at
 * most half of the time.
 */
export function createPacer({ run, gapMs = 0 }: PacerOptions): Pacer {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let wanted = false;
  let closed = false;

  const work = (): void => {
    wanted = false;
    running = true;
    const startedAt = performance.now();
    try {
      run();
    } finally {
      running = false;
      const pauseMs = Math.max(gapMs, Math.min(performance.now() - startedAt, maxPauseMs));
      if (!closed) timer = setTimeout(afterPause, pauseMs);
    }
  };

  const afterPause = (): void => {
    timer = undefined;
    if (wanted) work();
  };

  return {
    request() {
      if (closed) return;
      wanted = true;
      if (timer === undefined && !running) work();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
