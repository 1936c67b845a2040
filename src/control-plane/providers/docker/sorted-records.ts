// Records sorted by id, kept so by insertion: whoever merges containers wants them in that order, and sorting ten
// thousand of them on each event would cost more than the event.
import type { ContainerRecord } from '../../../model/container.ts';

/** Records sorted by id. */
export type SortedRecords = {
  /** Adds a record, or replaces the one of its id. */
  put(record: ContainerRecord): void;
  remove(id: string): void;
  /** The array is the same one until something changes. */
  all(): readonly ContainerRecord[];
};

/** Without records. */
export function createSortedRecords(): SortedRecords {
  const records: ContainerRecord[] = [];
  let snapshot: readonly ContainerRecord[] | undefined;

  return {
    put(record) {
      const at = placeOf(records, record.id);
      records.splice(at, records[at]?.id === record.id ? 1 : 0, record);
      snapshot = undefined;
    },
    remove(id) {
      const at = placeOf(records, id);
      if (records[at]?.id !== id) return;
      records.splice(at, 1);
      snapshot = undefined;
    },
    all() {
      snapshot ??= records.slice();
      return snapshot;
    },
  };
}

/** The record whose id begins so; the records are sorted by id. */
export function findByPrefix(
  records: readonly ContainerRecord[],
  prefix: string,
): ContainerRecord | undefined {
  const record = records[placeOf(records, prefix)];
  return record?.id.startsWith(prefix) ? record : undefined;
}

/** Where the id stands, or would stand. */
function placeOf(records: readonly ContainerRecord[], id: string): number {
  let [from, to] = [0, records.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((records[middle]?.id ?? '') < id) from = middle + 1;
    else to = middle;
  }
  return from;
}
