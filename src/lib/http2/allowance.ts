// How much of something a peer may do: so much at once, and so much a second (a token bucket). Pure.

/** What is left. It says only whether there was enough; what follows is the caller's. */
export class Allowance {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #tick: number;

  /** `now` is in milliseconds, as everywhere here. */
  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
    this.#tick = now;
  }

  /** Takes one. False: there is none, and time has been counted in only then, so that most calls read no clock. */
  take(clock: () => number): boolean {
    this.#left -= 1;
    if (this.#left >= 0) return true;
    const now = clock();
    const more = ((now - this.#tick) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#burst, this.#left + 1 + more) - 1;
    this.#tick = now;
    return this.#left >= 0;
  }

  /** Gives some back, for what makes the like of it harmless; never more than the burst. */
  earn(count: number): void {
    this.#left = Math.min(this.#burst, this.#left + count);
  }
}
