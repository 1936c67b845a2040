// Records of containers that joined another container's network stack (`network_mode: container:…` or `service:…`):
// they are reached where that one is. Pure; all other records are given back as they are.
import { diffTables, type SortedTable, sortedTable, withChanges } from '../../../lib/sorted-table.ts';
import type { ContainerRecord } from '../../../model/container.ts';

type Records = SortedTable<ContainerRecord>;

/** Gives each record, by id, the networks by which it is reached. */
export type ReachableRecords = (records: Records) => Records;

/** How often a container may join one that has joined another; the Engine allows no cycle, but an answer could. */
const maxHops = 4;

/** Keeps the identity of derived records as long as what they are derived from keeps its own. */
export function createReachableRecords(): ReachableRecords {
  type Derived = { readonly target: ContainerRecord | undefined; readonly record: ContainerRecord };
  const derived = new WeakMap<ContainerRecord, Derived>();
  /** Ids of those that joined another one: few, and looked at in each run, because their targets may have changed. */
  const borrowers = new Set<string>();
  let last: Records = sortedTable();
  let result: Records = last;

  return (records) => {
    const { set, removed } = diffTables(last, records);
    for (const id of removed) borrowers.delete(id);
    for (const [id, record] of set) {
      if (joined(record) === undefined) borrowers.delete(id);
      else borrowers.add(id);
    }
    last = records;
    if (borrowers.size === 0) {
      result = records;
      return result;
    }
    const follow = (record: ContainerRecord | undefined, hops: number): ContainerRecord | undefined => {
      const id = record && joined(record);
      if (id === undefined) return record;
      return hops < maxHops ? follow(records.get(id), hops + 1) : undefined;
    };
    const derive = (record: ContainerRecord): ContainerRecord => {
      const target = follow(record, 0);
      const known = derived.get(record);
      if (known !== undefined && known.target === target) return known.record;
      const networkMode = target?.networkMode === 'host' ? 'host' : record.networkMode;
      const made = { ...record, networkMode, networks: target?.networks ?? [] };
      derived.set(record, { target, record: made });
      return made;
    };
    const borrowing = [...borrowers].map((id) => [id, records.get(id)] as const);
    result = withChanges(result, [
      ...set,
      ...removed.map((id) => [id, undefined] as const),
      ...borrowing.map(([id, record]) => [id, record && derive(record)] as const),
    ]);
    return result;
  };
}

function joined({ networkMode }: ContainerRecord): string | undefined {
  return networkMode.startsWith('container:') ? networkMode.slice('container:'.length) : undefined;
}
