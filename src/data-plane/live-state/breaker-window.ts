// What a circuit breaker measures: counts of the last ten seconds, and times of the last minute, in memory that does not
// grow with the requests (vulcand/oxy, memmetrics).

/** Counters of the last ten seconds; each second has a place of its own in a ring. */
export class CounterWindow {
  readonly #width: number;
  readonly #counts: Uint32Array;
  /** The second that was counted last. */
  #second = 0;

  /** So many counters. */
  constructor(width: number) {
    this.#width = width;
    this.#counts = new Uint32Array(width * seconds);
  }

  /** `now` is in milliseconds, and never less than in the call before. */
  add(counter: number, now: number): void {
    this.#advance(now);
    const at = (this.#second % seconds) * this.#width + counter;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Of the present second and the nine before it. */
  sum(counter: number, now: number): number {
    this.#advance(now);
    let sum = 0;
    for (let at = counter; at < this.#counts.length; at += this.#width) sum += this.#counts[at] ?? 0;
    return sum;
  }

  reset(): void {
    this.#counts.fill(0);
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1_000);
    const stale = Math.min(seconds, second - this.#second);
    for (let back = 0; back < stale; back++) {
      const from = ((second - back) % seconds) * this.#width;
      this.#counts.fill(0, from, from + this.#width);
    }
    this.#second = second;
  }
}

const seconds = 10;

/** Times of the last minute, as counts of steps that are 2 % apart; each ten seconds have a map of their own. */
export class LatencyWindow {
  readonly #parts: Map<number, number>[] = Array.from({ length: parts }, () => new Map());
  #part = 0;

  /** Notes a time; both in milliseconds. */
  add(latencyMs: number, now: number): void {
    this.#advance(now);
    const part = this.#parts[this.#part % parts] as Map<number, number>;
    const step = stepOf(latencyMs);
    part.set(step, (part.get(step) ?? 0) + 1);
  }

  /** What `quantile` percent of the times did not exceed, in whole milliseconds; 0 without any. */
  at(quantile: number, now: number): number {
    this.#advance(now);
    const counts = new Map<number, number>();
    let total = 0;
    for (const part of this.#parts) {
      for (const [step, count] of part) {
        counts.set(step, (counts.get(step) ?? 0) + count);
        total += count;
      }
    }
    let left = Math.max(1, Math.round((total * quantile) / 100));
    for (const step of [...counts.keys()].sort((one, other) => one - other)) {
      left -= counts.get(step) ?? 0;
      if (left <= 0) return Math.floor(endOf(step));
    }
    return 0;
  }

  reset(): void {
    for (const part of this.#parts) part.clear();
  }

  #advance(now: number): void {
    const part = Math.floor(now / partMs);
    const stale = Math.min(parts, part - this.#part);
    for (let back = 0; back < stale; back++) this.#parts[(part - back) % parts]?.clear();
    this.#part = part;
  }
}

const parts = 6;
const partMs = 10_000;
/** A microsecond and an hour, in milliseconds: at most 1,112 steps. */
const shortest = 0.001;
const longest = 3_600_000;
const growth = Math.log(1.02);

function stepOf(latencyMs: number): number {
  return Math.floor(Math.log(Math.min(longest, Math.max(shortest, latencyMs)) / shortest) / growth);
}

function endOf(step: number): number {
  return shortest * Math.exp((step + 1) * growth);
}
