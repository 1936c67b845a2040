// Everything that outlives a snapshot: services with their replicas and counts, health verdicts, connection pools. A
// reload that does not change a service does not touch what is here of it.

import type { SharedCells } from '../../lib/shared-cells.ts';
import {
  type Composite,
  type CountedService,
  diffCounted,
  emptyDynamicConfig,
  type ServiceTables,
} from '../../model/dynamic-config.ts';
import type { CellAssignment, ReplicaLoad, ReplicaVerdict } from '../../model/messages.ts';
import type { HealthVerdict } from '../../model/replica.ts';
import type { TransportMaterial } from '../../model/servers-transport.ts';
import { createCellDirectory } from './cell-directory.ts';
import { type LiveComposite, SharedComposite } from './live-composite.ts';
import type { LiveReplica } from './live-replica.ts';
import {
  createLiveService,
  type LiveService,
  refreshReady,
  retireLiveService,
  type SharedParts,
  updateLiveService,
} from './live-service.ts';
import { createLoadReporter, type LoadReporter } from './load-reporter.ts';
import { createPoolUser, createSharedUpstreams, type PoolUser } from './shared-upstreams.ts';
import { toTransport } from './to-transport.ts';
import type { Transport, Upstream } from './upstream.ts';

/** Everything that outlives a snapshot. */
export type LiveState = {
  readonly loads: LoadReporter;
  /** Where replicas of the next `apply` are counted for all workers. */
  assignCells(cells: readonly CellAssignment[]): void;
  /** Makes the live services follow the configured ones, under the names by which they are counted. Costs what changed. */
  apply(config: ServiceTables): void;
  setVerdicts(verdicts: readonly ReplicaVerdict[]): void;
  /** A service of the last `apply` that has replicas, one of TCP by its `tcpName`, one of UDP by its `udpName`. */
  service(name: string): LiveService | undefined;
  /** For an object of the configuration that talks to servers of its own. */
  createPoolUser(): PoolUser;
  /** A service over services of the last `apply`. */
  composite(name: string): LiveComposite | undefined;
  /** Closes all connections when they are done, and reports the loads. */
  close(): void;
};

/** What it is made of, and where loads are reported. */
export type LiveStateIo = {
  readonly openUpstream: (origin: string, transport: Transport) => Upstream;
  /** How servers are connected to; absent: as usual. */
  readonly transport?: TransportMaterial | undefined;
  readonly onLoads: (loads: readonly ReplicaLoad[]) => void;
  /** What all workers count together; absent: this one counts for itself. */
  readonly cells?: SharedCells | undefined;
  /** This worker's number. */
  readonly writer?: number;
  /** A replica is left out because of its answers, or is back. */
  readonly onLeftOut?: (change: LeftOut) => void;
};

/** What has become of a replica because of its answers. */
export type LeftOut = {
  readonly service: string;
  readonly replica: string;
  readonly isOut: boolean;
  /** It gets requests all the same: every replica that is ready would have to be left out. */
  readonly isInVain: boolean;
};

/** Creates it empty. */
export function createLiveState({
  openUpstream,
  transport,
  onLoads,
  cells,
  writer = 0,
  onLeftOut = () => {},
}: LiveStateIo): LiveState {
  const shared: SharedParts = {
    upstreams: createSharedUpstreams(openUpstream, toTransport(transport)),
    departed: new Set(),
  };
  const loads = createLoadReporter(onLoads);
  const directory = createCellDirectory(cells, writer);
  const services = new Map<string, LiveService>();
  const composites = new Map<string, SharedComposite>();
  const verdicts = new Map<string, Map<string, HealthVerdict>>();
  let applied: ServiceTables = emptyDynamicConfig;

  const verdictsOf = (service: string) => {
    const known = verdicts.get(service);
    return (replica: string): HealthVerdict | undefined => known?.get(replica);
  };

  function follow(service: CountedService): void {
    if (service.composite !== undefined) {
      // It may have had replicas before.
      retire(service.name);
      followComposite(service.name, service.composite);
      return;
    }
    composites.delete(service.name);
    let live = services.get(service.name);
    if (live === undefined) {
      live = createLiveService(service, directory.find(service.name, ''));
      services.set(service.name, live);
    }
    updateLiveService(live, service, shared, verdictsOf(service.name), directory, followAnswers);
    forgetVerdicts(service);
  }

  function followAnswers({ service, id, passive }: LiveReplica): void {
    const live = services.get(service);
    if (live === undefined) return;
    refreshReady(live, verdictsOf(service));
    const isOut = passive?.isOut === true;
    onLeftOut({ service, replica: id, isOut, isInVain: isOut && live.ready.some((one) => one.id === id) });
  }

  function followComposite(name: string, { members }: Pick<Composite, 'members'>): void {
    const live = composites.get(name) ?? new SharedComposite(directory.find(name, ''));
    composites.set(name, live);
    live.update(
      members.map(({ written }) => written),
      (member) => directory.find(name, member),
    );
  }

  /** Verdicts of replicas that are gone are dropped once the service is known without them. */
  function forgetVerdicts(service: CountedService): void {
    const known = verdicts.get(service.name);
    if (known === undefined) return;
    const ids = new Set(service.replicas.map(({ id }) => id));
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }

  function retire(name: string): void {
    const live = services.get(name);
    if (live !== undefined) retireLiveService(live, shared);
    services.delete(name);
    verdicts.delete(name);
  }

  function leave(name: string): void {
    retire(name);
    composites.delete(name);
    directory.forget(name);
  }

  return {
    loads,
    assignCells: directory.assign,
    apply(next) {
      // Newcomers first: a pool that moves from one service to another stays open.
      const { set, removed } = diffCounted(applied, next);
      for (const service of set) follow(service);
      for (const name of removed) leave(name);
      applied = next;
    },
    setVerdicts(news) {
      const changed = new Set<string>();
      for (const { service, replica, verdict } of news) {
        const known = verdicts.get(service) ?? new Map<string, HealthVerdict>();
        verdicts.set(service, known);
        known.set(replica, verdict);
        changed.add(service);
      }
      for (const name of changed) {
        const live = services.get(name);
        if (live !== undefined) refreshReady(live, verdictsOf(name));
      }
    },
    service: (name) => services.get(name),
    createPoolUser: () => createPoolUser(shared.upstreams),
    composite: (name) => composites.get(name),
    close() {
      for (const live of services.values()) retireLiveService(live, shared);
      services.clear();
      loads.flush();
    },
  };
}
