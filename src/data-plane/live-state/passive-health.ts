// What the answers of real requests say of one replica (Traefik's passiveHealthCheck, pkg/healthcheck). Each worker judges
// by the requests that it has sent itself, as it does with replicas that refuse connections.
import type { PassiveHealthCheck } from '../../model/dynamic-config.ts';

/** How a replica does by its answers. */
export type PassiveHealth = {
  /** It has failed too often, and its time out is not over. */
  readonly isOut: boolean;
  /** A request has failed, or has been answered well. Only failures in a row count. */
  note(hasFailed: boolean): void;
  /** Whether its options are still these. */
  isBy(options: PassiveHealthCheck): boolean;
  close(): void;
};

/** `onChange` is called when `isOut` has changed. */
export function createPassiveHealth(options: PassiveHealthCheck, onChange: () => void): PassiveHealth {
  return new Failures(options, onChange);
}

class Failures implements PassiveHealth {
  isOut = false;
  readonly #options: PassiveHealthCheck;
  readonly #onChange: () => void;
  /** When (performance.now()) the failures in a row were; no more of them than make it go. */
  #times: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PassiveHealthCheck, onChange: () => void) {
    this.#options = options;
    this.#onChange = onChange;
  }

  note(hasFailed: boolean): void {
    if (!hasFailed) {
      if (this.#times.length > 0) this.#times = [];
      return;
    }
    // What was under way when it went out says nothing new.
    if (this.isOut) return;
    const { failureWindowMs, maxFailedAttempts, outForMs } = this.#options;
    const now = performance.now();
    this.#times = [...this.#times.filter((time) => time > now - failureWindowMs), now];
    if (this.#times.length < maxFailedAttempts) return;
    this.#times = [];
    this.#timer = setTimeout(() => this.#set(false), outForMs).unref();
    this.#set(true);
  }

  isBy({ failureWindowMs, maxFailedAttempts, outForMs }: PassiveHealthCheck): boolean {
    const own = this.#options;
    return (
      own.failureWindowMs === failureWindowMs &&
      own.maxFailedAttempts === maxFailedAttempts &&
      own.outForMs === outForMs
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #set(isOut: boolean): void {
    this.isOut = isOut;
    this.#onChange();
  }
}
