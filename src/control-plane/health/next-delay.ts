// How long to wait until the next probe of a replica. Pure.
import type { ResolvedHealthCheck } from '../../model/dynamic-config.ts';

/** A replica that never passed is asked often, so that it serves as soon as its model is loaded: from 100 ms … */
const firstDelayMs = 100;
/** … by half more each time, up to once a second … */
const growth = 1.5;
const maxStartDelayMs = 1_000;
/** … for ten minutes. Large models take minutes; what takes longer is broken, and asked as any unhealthy replica. */
const startPhaseMs = 600_000;
/** Replicas that started together shall not be asked together for ever: ±10 %. */
const jitter = 0.1;
/** Guards against an interval of 0. */
const minDelayMs = 10;

/** What is known of a replica's probes. */
export type ProbeHistory = {
  readonly up: boolean;
  /** Whether it has passed since its process started. */
  readonly passed: boolean;
  /** Failed probes since its process started, while it has not passed. */
  readonly failures: number;
  /** Milliseconds since the first probe. */
  readonly ageMs: number;
};

/** Milliseconds; `random` is in [0, 1). */
export function nextDelay(
  check: Pick<ResolvedHealthCheck, 'interval' | 'unhealthyInterval'>,
  history: ProbeHistory,
  random: number,
): number {
  const regular = history.up ? check.interval : check.unhealthyInterval;
  const starting = !history.passed && history.ageMs < startPhaseMs;
  const delay = starting
    ? Math.min(firstDelayMs * growth ** Math.min(history.failures, 20), maxStartDelayMs, regular)
    : regular;
  return Math.max(minDelayMs, delay * (1 - jitter + 2 * jitter * random));
}
