// Records of containers that joined another container's network stack (`network_mode: container:…` or `service:…`):
// they are reached where that one is. Pure; all other records are given back as they are.
import { createOrderedMemo } from '../../../lib/ordered-memo.ts';
import type { ContainerRecord } from '../../../model/container.ts';

/** Gives each record the networks by which it is reached. */
export type ReachableRecords = (records: readonly ContainerRecord[]) => readonly ContainerRecord[];

/** How often a container may join one that has joined another; the Engine allows no cycle, but an answer could. */
const maxHops = 4;

/** Keeps the identity of derived records as long as what they are derived from keeps its own. */
export function createReachableRecords(): ReachableRecords {
  type Derived = { readonly target: ContainerRecord | undefined; readonly record: ContainerRecord };
  const derived = new WeakMap<ContainerRecord, Derived>();

  // Remembered, so that a run over thousands of records compares pointers instead of reading each record.
  const borrowing = createOrderedMemo<ContainerRecord, boolean>();

  return (records) => {
    borrowing.begin();
    let any = false;
    for (const record of records) {
      if (borrowing.get(record, () => joined(record) !== undefined)) any = true;
    }
    if (!any) return records;
    const byId = new Map(records.map((record) => [record.id, record]));
    const follow = (record: ContainerRecord | undefined, hops: number): ContainerRecord | undefined => {
      const id = record && joined(record);
      if (id === undefined) return record;
      return hops < maxHops ? follow(byId.get(id), hops + 1) : undefined;
    };
    return records.map((record) => {
      if (joined(record) === undefined) return record;
      const target = follow(record, 0);
      const known = derived.get(record);
      if (known !== undefined && known.target === target) return known.record;
      const result = {
        ...record,
        networkMode: target?.networkMode === 'host' ? 'host' : record.networkMode,
        networks: target?.networks ?? [],
      };
      derived.set(record, { target, record: result });
      return result;
    });
  };
}

function joined({ networkMode }: ContainerRecord): string | undefined {
  return networkMode.startsWith('container:') ? networkMode.slice('container:'.length) : undefined;
}
