// A circuit breaker: closed → open → recovering → closed (vulcand/oxy, cbreaker/cbreaker.go). It is state that outlives a
// snapshot, of one router in one worker.
import type { BreakerCondition, BreakerMeasurements } from '../../model/breaker-expression.ts';
import { CounterWindow, LatencyWindow } from './breaker-window.ts';

/** When it opens, and for how long; lengths of time in milliseconds. */
export type BreakerSettings = {
  readonly condition: BreakerCondition;
  readonly checkPeriodMs: number;
  readonly fallbackMs: number;
  readonly recoveryMs: number;
};

/** Traefik's word for a replica that cannot be reached or does not answer. */
const networkErrors: ReadonlySet<number> = new Set([502, 504]);

const totalCounter = 0;
const errorCounter = 1;
const firstRange = 2;

/** One breaker. All times are of one clock that never goes back, in milliseconds. */
export class CircuitBreaker {
  state: 'closed' | 'open' | 'recovering' = 'closed';
  readonly #settings: BreakerSettings;
  readonly #counts: CounterWindow;
  readonly #latency: LatencyWindow | undefined;
  /** When the state ends, where it ends by itself. */
  #until = 0;
  #nextCheck = 0;
  #recoveringSince = 0;
  #allowed = 0;
  #denied = 0;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
    this.#counts = new CounterWindow(firstRange + settings.condition.ranges.length);
    this.#latency = settings.condition.needsLatency ? new LatencyWindow() : undefined;
  }

  /** Whether a request may pass now. */
  admits(now: number): boolean {
    if (this.state === 'closed') return true;
    if (this.state === 'open') {
      if (now < this.#until) return false;
      this.#recover(now);
    }
    if (now > this.#until) {
      this.state = 'closed';
      return true;
    }
    return this.#isTurn(now);
  }

  /** A request that was let through has ended. */
  record(status: number, latencyMs: number, now: number): void {
    const { ranges } = this.#settings.condition;
    this.#counts.add(totalCounter, now);
    if (networkErrors.has(status)) this.#counts.add(errorCounter, now);
    for (let at = 0; at < ranges.length; at++) {
      const range = ranges[at];
      if (range !== undefined && status >= range.from && status < range.to) {
        this.#counts.add(firstRange + at, now);
      }
    }
    this.#latency?.add(latencyMs, now);
    if (now > this.#nextCheck) this.#check(now);
  }

  #check(now: number): void {
    this.#nextCheck = now + this.#settings.checkPeriodMs;
    if (this.state === 'open' || !this.#settings.condition.isMet(this.#measured(now))) return;
    this.state = 'open';
    this.#until = now + this.#settings.fallbackMs;
    this.#counts.reset();
    this.#latency?.reset();
  }

  #measured(now: number): BreakerMeasurements {
    return {
      total: () => this.#counts.sum(totalCounter, now),
      networkErrors: () => this.#counts.sum(errorCounter, now),
      inRange: (range) => this.#counts.sum(firstRange + range, now),
      latencyMs: (quantile) => this.#latency?.at(quantile, now) ?? 0,
    };
  }

  #recover(now: number): void {
    this.state = 'recovering';
    this.#recoveringSince = now;
    this.#until = now + this.#settings.recoveryMs;
    this.#allowed = 0;
    this.#denied = 0;
  }

  /** A growing share passes: from none to one half, for at one half as many have passed as were refused. */
  #isTurn(now: number): boolean {
    const wanted = (0.5 * (now - this.#recoveringSince)) / this.#settings.recoveryMs;
    const share = (this.#allowed + 1) / (this.#allowed + 1 + this.#denied);
    if (share < wanted) {
      this.#allowed += 1;
      return true;
    }
    this.#denied += 1;
    return false;
  }
}
