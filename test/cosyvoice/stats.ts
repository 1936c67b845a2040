// Counts of what the replica was asked to do, for tests that compare them with what the gateway counted.

export interface Counts {
  /** Synthesis requests seen, whatever became of them. */
  readonly requests: number;
  /** Those not over yet; one that its client left counts until its work really ends. */
  readonly inFlight: number;
  readonly maxInFlight: number;
  /** Those whose client left before the end. */
  readonly aborted: number;
  /** Those answered with an error or cut, on purpose or not. */
  readonly failed: number;
  /** Speech synthesised, heard or not. */
  readonly audioSeconds: number;
  /** CPU time of the synthesis behind it. */
  readonly cpuSeconds: number;
}

export interface Stats {
  /** Counts a request in; the function returned counts it out and does so once. */
  begin(): () => void;
  aborted(): void;
  failed(): void;
  synthesised(audioSeconds: number, cpuSeconds: number): void;
  counts(): Counts;
}

export function createStats(): Stats {
  let counts: Counts = {
    requests: 0,
    inFlight: 0,
    maxInFlight: 0,
    aborted: 0,
    failed: 0,
    audioSeconds: 0,
    cpuSeconds: 0,
  };
  return {
    begin() {
      const inFlight = counts.inFlight + 1;
      counts = {
        ...counts,
        requests: counts.requests + 1,
        inFlight,
        maxInFlight: Math.max(counts.maxInFlight, inFlight),
      };
      let over = false;
      return () => {
        if (!over) counts = { ...counts, inFlight: counts.inFlight - 1 };
        over = true;
      };
    },
    aborted() {
      counts = { ...counts, aborted: counts.aborted + 1 };
    },
    failed() {
      counts = { ...counts, failed: counts.failed + 1 };
    },
    synthesised(audioSeconds, cpuSeconds) {
      counts = {
        ...counts,
        audioSeconds: counts.audioSeconds + audioSeconds,
        cpuSeconds: counts.cpuSeconds + cpuSeconds,
      };
    },
    counts: () => counts,
  };
}
