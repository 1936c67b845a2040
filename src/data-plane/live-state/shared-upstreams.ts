// Connection pools shared by all replicas of one origin, and kept over reloads. A pool is keyed by everything that
// configures it, counted by those that use it, and closed with the last of them.
import type { Upstream } from './upstream.ts';

/** Connections by origin, counted by who uses them. */
export type SharedUpstreams = {
  /** The pool of an origin (`http://10.0.0.2:7860`), made if it is the first use. Give it back by `release`. */
  acquire(origin: string): Upstream;
  /** One use less; requests under way are finished. */
  release(origin: string): void;
};

/** Creates an empty collection; `open` makes the connections of an origin. */
export function createSharedUpstreams(open: (origin: string) => Upstream): SharedUpstreams {
  const shared = new Map<string, { readonly upstream: Upstream; uses: number }>();
  return {
    acquire(origin) {
      let entry = shared.get(origin);
      if (entry === undefined) {
        entry = { upstream: open(origin), uses: 0 };
        shared.set(origin, entry);
      }
      entry.uses += 1;
      return entry.upstream;
    },
    release(origin) {
      const entry = shared.get(origin);
      if (entry === undefined) return;
      entry.uses -= 1;
      if (entry.uses > 0) return;
      shared.delete(origin);
      entry.upstream.close();
    },
  };
}
