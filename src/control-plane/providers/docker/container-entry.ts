// One container in the inventory: its record, and how new facts and events change it. Pure: entries are values, a
// change makes a new one, and a record that stays equal stays the same object.
import { constants } from 'node:os';
import { sameValue } from '../../../lib/same-value.ts';
import type { ContainerHealth, ContainerRecord } from '../../../model/container.ts';
import { type ContainerFacts, toSignal } from './container-facts.ts';
import type { EngineEvent } from './engine-event.ts';

/** A record with what only the provider needs to know. */
export type ContainerEntry = {
  readonly record: ContainerRecord;
  /** Whether ports and stop signal are known (from an inspection). */
  readonly complete: boolean;
  readonly stopSignal?: number;
  readonly stopTimeoutMs?: number;
  /** The last signal that may have been meant to stop it; sent at `at` by the Engine's clock, `seenAt` by ours. */
  readonly signalled?: { readonly signal: number | undefined; readonly at: number; readonly seenAt: number };
};

/** Signals after which a process is expected to end, whatever its image names as its stop signal. */
const deadly: readonly (number | undefined)[] = [
  constants.signals.SIGTERM,
  constants.signals.SIGINT,
  constants.signals.SIGQUIT,
  constants.signals.SIGKILL,
];

/**
 * A container that was told to stop and still runs after that time has handled the signal in another way, and serves
 * again. Docker's own default is 10 s; compose files and `docker stop -t` give more, which cannot be seen from here.
 */
const leastStopGraceMs = 30_000;

/** How long the entry counts as stopping after its signal. */
export function stopGraceMs(entry: ContainerEntry): number {
  return Math.max(leastStopGraceMs, entry.stopTimeoutMs ?? 0);
}

/** The entry after a reading at `now` (milliseconds since the epoch). */
export function withFacts(
  before: ContainerEntry | undefined,
  facts: ContainerFacts,
  now: number,
): ContainerEntry {
  const old = before?.record;
  const partial = !facts.complete && before?.complete === true;
  const stopSignal = facts.stopSignal ?? before?.stopSignal;
  const stopTimeoutMs = facts.complete ? facts.stopTimeoutMs : before?.stopTimeoutMs;
  const signalled = pendingSignal(before, facts, now);
  const running = facts.record.state === 'running';
  const atRest = !running && facts.record.state !== 'paused';
  const draft: ContainerRecord = {
    ...facts.record,
    stopping: !atRest && signalled !== undefined && stops(signalled.signal, stopSignal),
    // The list names neither the ports of a container at rest nor the health of a paused one.
    ...(partial && old && atRest ? { exposedPorts: old.exposedPorts } : {}),
    ...(!running && old && facts.record.state === 'paused' ? { health: old.health } : {}),
  };
  const steady = old?.state === draft.state && old.health === draft.health && !restarted(before, facts);
  const record = {
    ...draft,
    since: steady ? old.since : since(facts, restarted(before, facts) ? undefined : old, now),
  };
  return {
    record: old !== undefined && sameValue(old, record) ? old : record,
    complete: facts.complete || before?.complete === true,
    ...(stopSignal === undefined ? {} : { stopSignal }),
    ...(stopTimeoutMs === undefined ? {} : { stopTimeoutMs }),
    ...(signalled === undefined ? {} : { signalled }),
  };
}

/** What an event alone tells for certain; undefined when it takes an inspection to know. */
export function withEvent(
  before: ContainerEntry,
  event: EngineEvent,
  now: number,
): ContainerEntry | undefined {
  const { record } = before;
  const { signalled: _, ...rest } = before;
  switch (event.action) {
    case 'die':
      return {
        ...rest,
        record: { ...record, state: 'exited', health: 'none', stopping: false, since: event.at },
      };
    case 'pause':
      return { ...before, record: { ...record, state: 'paused', since: event.at } };
    case 'kill': {
      const signalled = { signal: toSignal(event.signal), at: event.at, seenAt: now };
      const stopping = record.stopping || stops(signalled.signal, before.stopSignal);
      // A harmless signal does not end the wait that a deadly one began.
      if (!stopping && before.stopSignal !== undefined) return undefined;
      if (record.stopping) return undefined;
      return { ...before, signalled, record: stopping ? { ...record, stopping } : record };
    }
    case 'health_status': {
      const health = toHealth(event.health);
      if (health === undefined || record.state !== 'running' || record.health === health) return undefined;
      return { ...before, record: { ...record, health, since: event.at } };
    }
    default:
      return undefined;
  }
}

/** `undefined` stands for a signal that is not known: a stop is the more likely reason, and the safer guess. */
function stops(signal: number | undefined, stopSignal: number | undefined): boolean {
  return signal === undefined || deadly.includes(signal) || signal === stopSignal;
}

/** The signal that still counts: sent since the last start, and not longer ago than a stop may take. */
function pendingSignal(
  before: ContainerEntry | undefined,
  facts: ContainerFacts,
  now: number,
): ContainerEntry['signalled'] {
  const signalled = before?.signalled;
  if (before === undefined || signalled === undefined) return undefined;
  if (facts.startedAt !== undefined && facts.startedAt > signalled.at) return undefined;
  const graceMs = stopGraceMs({
    ...before,
    ...(facts.stopTimeoutMs === undefined ? {} : { stopTimeoutMs: facts.stopTimeoutMs }),
  });
  return now - signalled.seenAt < graceMs ? signalled : undefined;
}

function restarted(before: ContainerEntry | undefined, facts: ContainerFacts): boolean {
  return facts.startedAt !== undefined && before !== undefined && facts.startedAt > before.record.since;
}

/** A row of a list tells no times: what changed while nobody looked changed about now. */
function since(facts: ContainerFacts, old: ContainerRecord | undefined, now: number): number {
  if (old === undefined) return facts.record.since;
  return facts.complete && old.state !== facts.record.state ? facts.record.since : now;
}

function toHealth(written: string | undefined): ContainerHealth | undefined {
  return written === 'starting' || written === 'healthy' || written === 'unhealthy' ? written : undefined;
}
