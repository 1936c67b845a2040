// Limits of middlewares by source, kept by all workers together: requests under way, and token buckets. A limit is known by
// the middleware's name and options, so a reload that does not change it does not touch it.
import { hash, randomUUID } from 'node:crypto';
import { addToCell } from '../../lib/shared-cells.ts';
import { createSharedTable, slotOf } from '../../lib/shared-table.ts';
import type { SharedLimits } from '../../model/messages.ts';

/** A token bucket, in nanoseconds. */
export type Bucket = {
  /** Between two tokens. */
  readonly interval: bigint;
  /** Tokens that a full one holds. */
  readonly burst: bigint;
  /** Longest wait for a token. */
  readonly maxDelay: bigint;
};

/** The limits of a worker. */
export type Limits = {
  /** Known to all workers, and to nobody else; another one in each process. */
  readonly secret: string;
  /** Counts a request unless `amount` are under way; gives what ends it, or undefined when there are too many. */
  enter(limit: string, source: string, amount: number): (() => void) | undefined;
  /** Takes a token and gives the wait for it in nanoseconds, 0 or less for none. More than `maxDelay`: none was taken. */
  take(limit: string, source: string, bucket: Bucket): bigint;
  /** Keeps the later one of two times of process.hrtime until it is over; false when a later one, or this one, is kept already. */
  raise(limit: string, source: string, time: bigint): boolean;
};

const nothing = (): void => {};

/** `shared` absent: this worker keeps them for itself. */
export function createLimits(shared: SharedLimits | undefined, writer: number): Limits {
  const { table, secret } = shared ?? { table: createSharedTable(writer + 1, 4096), secret: randomUUID() };
  const { times, counts } = table;

  /** Sources are what strangers say, so slots are chosen by a hash that they cannot foresee. */
  const slot = (limit: string, source: string, now: bigint): number | undefined => {
    const key = hash('sha1', `${secret} ${limit} ${source}`, 'buffer').readBigInt64LE();
    return slotOf(table, key === 0n ? 1n : key, now);
  };

  return {
    secret,
    enter(limit, source, amount) {
      const at = slot(limit, source, process.hrtime.bigint());
      // Eight other sources with requests under way share the place: to let this one pass harms none of them.
      if (at === undefined) return nothing;
      if (addToCell(counts, at, writer, 1) <= amount) return () => void addToCell(counts, at, writer, -1);
      addToCell(counts, at, writer, -1);
      return undefined;
    },
    take(limit, source, { interval, burst, maxDelay }) {
      for (;;) {
        // One clock for all threads of the process.
        const now = process.hrtime.bigint();
        const at = slot(limit, source, now);
        if (at === undefined) return 0n;
        // The time at which the bucket is full again says how many tokens are gone (GCRA). Exact without a lock: whoever is
        // beaten to the exchange looks again.
        const before = Atomics.load(times, at);
        const isFull = before <= now;
        const after = (isFull ? now : before) + interval;
        const delay = after - now - burst * interval;
        if (delay > maxDelay) return delay;
        if (Atomics.compareExchange(times, at, before, after) === before) return delay;
      }
    },
    raise(limit, source, time) {
      for (;;) {
        const at = slot(limit, source, process.hrtime.bigint());
        if (at === undefined) return true;
        const before = Atomics.load(times, at);
        if (before >= time) return false;
        if (Atomics.compareExchange(times, at, before, time) === before) return true;
      }
    },
  };
}
