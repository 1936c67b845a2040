// All containers that the Engine knows. Events are hints, readings are truth, and a reading that began before a newer
// fact was known never overwrites it. No I/O: it is told what was read, and says what should be read.
import { type SortedTable, sortedTable, withChanges } from '../../../lib/sorted-table.ts';
import type { ContainerRecord } from '../../../model/container.ts';
import { type ContainerEntry, stopGraceMs, withEvent, withFacts } from './container-entry.ts';
import type { ContainerFacts } from './container-facts.ts';
import type { EngineEvent } from './engine-event.ts';

/** What an event has changed, and what must be read because of it. */
export type EventOutcome = {
  /** The records changed already. */
  readonly changed: boolean;
  /** The container should be inspected. */
  readonly inspect: boolean;
  /** And once more after that time, because only then it is known whether it obeyed a signal. */
  readonly inspectAgainMs?: number;
};

/** The containers as far as they are known. */
export type Inventory = {
  /** Marks the beginning of a reading; what it returns is given back with the result. */
  beginReading(): number;
  /** Replaces everything that has no newer fact. Gives the ids that a list does not tell enough about. */
  applyList(
    reading: number,
    list: readonly ContainerFacts[],
  ): { changed: boolean; inspect: readonly string[] };
  /** Applies an inspection; undefined facts: there is no such container. `stale`: a newer fact is known. */
  applyInspection(
    reading: number,
    id: string,
    facts: ContainerFacts | undefined,
  ): 'changed' | 'same' | 'stale';
  applyEvent(event: EngineEvent): EventOutcome;
  /** By id. The table is the same one until something changes. */
  records(): SortedTable<ContainerRecord>;
};

type Known = ContainerEntry & {
  /** Newest moment at which something was known of it for certain. */
  readonly asOf: number;
};

/** An empty inventory. `now` gives milliseconds since the epoch. */
export function createInventory(now: () => number = Date.now): Inventory {
  const entries = new Map<string, Known>();
  /** When containers were seen to go, until a list that began later has confirmed it. */
  const gone = new Map<string, number>();
  let moment = 0;
  let records = sortedTable<ContainerRecord>();
  /** Changes that `records` lacks: a list of thousands is put in at once. */
  const pending = new Map<string, ContainerRecord | undefined>();

  /** Whether the record is another one than before. */
  const put = (id: string, entry: ContainerEntry, asOf: number): boolean => {
    const changed = entries.get(id)?.record !== entry.record;
    entries.set(id, { ...entry, asOf });
    if (changed) pending.set(id, entry.record);
    return changed;
  };
  const remove = (id: string): boolean => {
    if (!entries.delete(id)) return false;
    pending.set(id, undefined);
    return true;
  };

  return {
    beginReading: () => ++moment,

    applyList(reading, list) {
      const listed = new Set(list.map(({ record }) => record.id));
      const inspect: string[] = [];
      let changed = false;
      for (const facts of list) {
        const { id } = facts.record;
        const before = entries.get(id);
        if ((before?.asOf ?? 0) > reading || (gone.get(id) ?? 0) > reading) continue;
        const entry = withFacts(before, facts, now());
        changed = put(id, entry, reading) || changed;
        if (entry.record.stopping || (!entry.complete && isSilent(entry.record))) inspect.push(id);
      }
      for (const [id, { asOf }] of entries) {
        if (!listed.has(id) && asOf <= reading) changed = remove(id) || changed;
      }
      for (const [id, at] of gone) if (at <= reading) gone.delete(id);
      return { changed, inspect };
    },

    applyInspection(reading, id, facts) {
      const before = entries.get(id);
      if ((before?.asOf ?? 0) > reading || (gone.get(id) ?? 0) > reading) return 'stale';
      if (facts === undefined) return remove(id) ? 'changed' : 'same';
      return put(id, withFacts(before, facts, now()), reading) ? 'changed' : 'same';
    },

    applyEvent(event) {
      const id = event.container;
      if (event.action === 'destroy') {
        gone.set(id, ++moment);
        return { changed: remove(id), inspect: false };
      }
      const before = entries.get(id);
      const after = before && withEvent(before, event, now());
      const changed = after !== undefined && put(id, after, ++moment);
      const stopping = event.action === 'kill' && after?.record.stopping === true;
      return { changed, inspect: true, ...(stopping ? { inspectAgainMs: stopGraceMs(after) } : {}) };
    },

    records() {
      records = withChanges(records, pending);
      pending.clear();
      return records;
    },
  };
}

/** A list names no ports for a container at rest: without them its labels would be judged wrongly. */
function isSilent({ state, labels }: ContainerRecord): boolean {
  return (
    state !== 'running' &&
    state !== 'paused' &&
    Object.keys(labels).some((key) => /^(?:traefik|berth)\./i.test(key))
  );
}
