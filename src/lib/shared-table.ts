// A table of counts and times that several threads keep together, by keys that nobody knows beforehand, such as the clients
// of a limit. Its size is fixed, nothing is locked: a slot belongs to whoever exchanges its key first, and is free again when
// it counts nothing and its time is over.
import { createSharedCells, type SharedCells } from './shared-cells.ts';

/** It may be cloned to other threads. */
export type SharedTable = {
  /** 0 for a slot that was never used. */
  readonly keys: BigInt64Array;
  /** Until when a slot means something, on a clock that all threads share. */
  readonly times: BigInt64Array;
  readonly counts: SharedCells;
};

/** A key may stand in so many slots; when all are taken, another key has to go. */
const ways = 8;

/** Empty. `slots` is a multiple of 8. Pages that are never used cost no memory. */
export function createSharedTable(writers: number, slots: number): SharedTable {
  const bytes = new SharedArrayBuffer(slots * 16);
  return {
    keys: new BigInt64Array(bytes, 0, slots),
    times: new BigInt64Array(bytes, slots * 8, slots),
    counts: createSharedCells(writers, slots),
  };
}

/**
 * The slot of a key, which must not be 0. A new key takes a free slot, or that of the key whose time is over first; undefined
 * when all that it may have are counting.
 */
export function slotOf(table: SharedTable, key: bigint, now: bigint): number | undefined {
  const { keys, times, counts } = table;
  const first = Number(BigInt.asUintN(32, key) % BigInt(keys.length / ways)) * ways;
  for (;;) {
    let candidate: number | undefined;
    let candidateTime = 0n;
    for (let at = first; at < first + ways; at += 1) {
      if (Atomics.load(keys, at) === key) return at;
      if (Atomics.load(counts.totals, at) > 0) continue;
      // Free slots are alike, so that all threads choose the same one and only one of them gets it.
      const time = Atomics.load(times, at);
      const until = time <= now ? 0n : time;
      if (candidate !== undefined && candidateTime <= until) continue;
      candidate = at;
      candidateTime = until;
    }
    if (candidate === undefined) return undefined;
    const before = Atomics.load(keys, candidate);
    if (Atomics.compareExchange(keys, candidate, before, key) !== before) continue;
    // A time that is over means as much as none.
    if (candidateTime > 0n) Atomics.store(times, candidate, 0n);
    return candidate;
  }
}
