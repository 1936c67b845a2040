// What the workers reported of their replicas' loads, summed. Pure bookkeeping.
import type { ConfigPatch, ReplicaLoad } from '../model/messages.ts';
import { patchOfCounted } from './patch-of-counted.ts';

/** Sums over workers. */
export type LoadBook = {
  /** Takes a worker's report and gives the new sums of the replicas that it names. */
  record(worker: number, loads: readonly ReplicaLoad[]): readonly ReplicaLoad[];
  /** A worker has died: its requests in flight are gone, its totals stay. Gives the sums that changed. */
  retire(worker: number): readonly ReplicaLoad[];
  /** Drops what concerns replicas that the patch takes away. */
  prune(patch: ConfigPatch): void;
  of(service: string, replica: string): ReplicaLoad | undefined;
};

type Entry = {
  readonly byWorker: Map<number, ReplicaLoad>;
  /** Totals of workers that have died. */
  retired: Pick<ReplicaLoad, 'requests' | 'failures'>;
  sum: ReplicaLoad;
};

/** An empty book. */
export function createLoadBook(): LoadBook {
  const services = new Map<string, Map<string, Entry>>();

  function entryOf(load: ReplicaLoad): Entry {
    const replicas = services.get(load.service) ?? new Map<string, Entry>();
    services.set(load.service, replicas);
    const entry = replicas.get(load.replica) ?? {
      byWorker: new Map(),
      retired: { requests: 0, failures: 0 },
      sum: load,
    };
    replicas.set(load.replica, entry);
    return entry;
  }

  return {
    record: (worker, loads) =>
      loads.map((load) => {
        const entry = entryOf(load);
        entry.byWorker.set(worker, load);
        return resum(entry);
      }),
    retire(worker) {
      const changed: ReplicaLoad[] = [];
      for (const replicas of services.values()) {
        for (const entry of replicas.values()) {
          const last = entry.byWorker.get(worker);
          if (last === undefined) continue;
          entry.byWorker.delete(worker);
          entry.retired = {
            requests: entry.retired.requests + last.requests,
            failures: entry.retired.failures + last.failures,
          };
          const before = entry.sum.inFlight;
          if (resum(entry).inFlight !== before) changed.push(entry.sum);
        }
      }
      return changed;
    },
    prune(patch) {
      const { set, removed } = patchOfCounted(patch);
      for (const name of removed) services.delete(name);
      for (const { name, replicas } of set) {
        const entries = services.get(name);
        if (entries === undefined) continue;
        const kept = new Set(replicas.map(({ id }) => id));
        for (const [id, { sum }] of entries) if (!kept.has(id) && sum.inFlight === 0) entries.delete(id);
      }
    },
    of: (service, replica) => services.get(service)?.get(replica)?.sum,
  };
}

function resum(entry: Entry): ReplicaLoad {
  let { requests, failures } = entry.retired;
  let inFlight = 0;
  let lastRequest = entry.sum.lastRequest;
  for (const load of entry.byWorker.values()) {
    inFlight += load.inFlight;
    requests += load.requests;
    failures += load.failures;
    lastRequest = Math.max(lastRequest, load.lastRequest);
  }
  const { service, replica } = entry.sum;
  entry.sum = { service, replica, inFlight, requests, failures, lastRequest };
  return entry.sum;
}
