// The health check of one replica: probes it again and again, one probe at a time. One success makes it up, one failure
// down (Traefik's thresholds). It probes only while the provider says `ready`.
import type { AnyHealthCheck } from '../../model/dynamic-config.ts';
import type { HealthVerdict, Replica, ReplicaHealth, ReplicaState } from '../../model/replica.ts';
import { createProbe } from './create-probe.ts';
import { describeFailure } from './describe-failure.ts';
import type { Limiter } from './limit-concurrency.ts';
import { nextDelay } from './next-delay.ts';
import type { ProbeTls } from './probe-target.ts';

/** A running check. */
export type ReplicaCheck = {
  readonly health: () => ReplicaHealth;
  /** Takes what the provider says now. The address must be the same. */
  readonly update: (replica: Replica) => void;
  readonly close: () => void;
};

/** States out of which the same process comes back, so that its last verdict still says something. */
const sameProcess: ReadonlySet<ReplicaState> = new Set(['paused', 'unhealthy']);

/** Begins at once. `onVerdict` is called when the verdict has changed, never from within this call. */
export function createReplicaCheck(
  first: Replica & { readonly url: string },
  check: AnyHealthCheck & { readonly tls?: ProbeTls | undefined },
  limiter: Limiter,
  onVerdict: () => void,
): ReplicaCheck {
  const probe = createProbe(check, first.url, check.tls);
  let replica: Replica = first;
  let health: ReplicaHealth = { verdict: 'unknown', since: Date.now() };
  let passed = false;
  let failures = 0;
  let startedAt = Date.now();
  let timer: NodeJS.Timeout | undefined;
  let running: AbortController | undefined;

  function update(next: Replica): void {
    const previous = replica;
    replica = next;
    if (next.state !== 'ready') {
      stop();
      if (!sameProcess.has(next.state)) forget();
      return;
    }
    if (previous.state === 'ready' && previous.since === next.since) return;
    if (!sameProcess.has(previous.state)) forget();
    stop();
    begin();
  }

  /** Another process may stand behind the address: nothing is known of it. */
  function forget(): void {
    passed = false;
    failures = 0;
    startedAt = Date.now();
    settle('unknown');
  }

  function settle(verdict: HealthVerdict, lastError?: string): void {
    const changed = health.verdict !== verdict;
    health = {
      verdict,
      since: changed ? Date.now() : health.since,
      ...(lastError === undefined ? {} : { lastError }),
    };
    if (changed) onVerdict();
  }

  function stop(): void {
    clearTimeout(timer);
    running?.abort();
  }

  /** While an aborted probe is still ending, the end of it begins the next one. */
  function begin(): void {
    if (running === undefined) void run();
  }

  async function run(): Promise<void> {
    const current = new AbortController();
    running = current;
    const failure = await limiter(async () => {
      if (current.signal.aborted) return undefined;
      const signal = AbortSignal.any([current.signal, AbortSignal.timeout(check.timeout)]);
      return probe(signal).then(
        () => undefined,
        (error: unknown) => describeFailure(signal.aborted ? signal.reason : error, check.timeout),
      );
    });
    running = undefined;
    if (replica.state !== 'ready') return;
    if (current.signal.aborted) {
      begin();
      return;
    }
    if (failure === undefined) passed = true;
    else failures += 1;
    settle(failure === undefined ? 'up' : 'down', failure);
    const history = { up: failure === undefined, passed, failures, ageMs: Date.now() - startedAt };
    timer = setTimeout(begin, nextDelay(check, history, Math.random())).unref();
  }

  if (replica.state === 'ready') begin();
  return {
    health: () => health,
    update,
    close: () => {
      replica = { ...replica, state: 'stopped' };
      stop();
    },
  };
}
