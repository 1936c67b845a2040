// Connection pools shared by all that talk to one origin in one way, and kept over reloads. A pool is keyed by everything
// that configures it, counted by those that use it, and closed with the last of them.
import type { Transport, Upstream } from './upstream.ts';

/** Connections by origin and transport, counted by who uses them. */
export type SharedUpstreams = {
  /**
   * The pool of an origin (`http://10.0.0.2:7860`), made if it is the first use; over the transport of servers unless another
   * is given. Give it back by `release`.
   */
  acquire(origin: string, transport?: Transport): Upstream;
  /** One use less; requests under way are finished. */
  release(upstream: Upstream): void;
};

/** Creates an empty collection; `open` makes the connections of an origin, `usual` is the transport of servers. */
export function createSharedUpstreams(
  open: (origin: string, transport: Transport) => Upstream,
  usual: Transport,
): SharedUpstreams {
  const shared = new Map<string, Upstream>();
  const uses = new Map<Upstream, { readonly key: string; count: number }>();
  return {
    acquire(origin, transport = usual) {
      const key = `${origin} ${transport.key}`;
      const upstream = shared.get(key) ?? open(origin, transport);
      shared.set(key, upstream);
      const use = uses.get(upstream) ?? { key, count: 0 };
      uses.set(upstream, use);
      use.count += 1;
      return upstream;
    },
    release(upstream) {
      const use = uses.get(upstream);
      if (use === undefined) return;
      use.count -= 1;
      if (use.count > 0) return;
      uses.delete(upstream);
      shared.delete(use.key);
      upstream.close();
    },
  };
}

/** The pools that one object of the configuration uses. */
export type PoolUser = {
  readonly acquire: SharedUpstreams['acquire'];
  /** It uses none of them any more. */
  releaseAll(): void;
};

/** One that uses none yet. */
export function createPoolUser(upstreams: SharedUpstreams): PoolUser {
  const used: Upstream[] = [];
  return {
    acquire(origin, transport) {
      const upstream = upstreams.acquire(origin, transport);
      used.push(upstream);
      return upstream;
    },
    releaseAll() {
      for (const upstream of used.splice(0)) upstreams.release(upstream);
    },
  };
}
