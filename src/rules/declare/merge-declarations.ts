// The declarations of all containers, or files → the configuration of their provider. Pure; what did not change since `previous`
// keeps its identity, so that a change costs what changed.
import { diffTables, type SortedTable, sortedTable, withChanges } from '../../lib/sorted-table.ts';
import type { Diagnostic, ObjectKind } from '../../model/diagnostic.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type {
  Declared,
  DeclaredService,
  DeclaredTcpService,
  DeclaredUdpService,
  ProviderConfig,
  WithReplicas,
} from '../../model/provider-config.ts';
import type { Replica } from '../../model/replica.ts';
import type { RouterOptions } from '../../model/router.ts';
import { type TcpRouterOptions, tcpName } from '../../model/tcp.ts';
import type { TcpMiddlewareOptions } from '../../model/tcp-middlewares.ts';
import { type UdpRouterOptions, udpName } from '../../model/udp.ts';
import type {
  Declarations,
  Definition,
  MiddlewareDefinition,
  ReplicaOfDefinition,
  RouterDefinition,
  ServiceDefinition,
  TcpMiddlewareDefinition,
  TcpRouterDefinition,
  TcpServiceDefinition,
  UdpRouterDefinition,
  UdpServiceDefinition,
} from './declarations.ts';
import { type ConflictPolicy, distinct, firstOf, judgeGroup } from './merge-group.ts';
import { type DeclarerChanges, type MergedObject, type MergedTable, mergeTable } from './merge-table.ts';

type Memory = {
  readonly containers: SortedTable<Declarations>;
  /** What is to be said of containers themselves, by their ids; most have nothing. */
  readonly faulty: SortedTable<readonly Diagnostic[]>;
  readonly routers: MergedTable<RouterDefinition, Declared<RouterOptions>>;
  readonly services: MergedTable<ServiceDefinition, DeclaredService>;
  readonly middlewares: MergedTable<MiddlewareDefinition, Declared<MiddlewareOptions>>;
  readonly tcpRouters: MergedTable<TcpRouterDefinition, Declared<TcpRouterOptions>>;
  readonly tcpServices: MergedTable<TcpServiceDefinition, DeclaredTcpService>;
  readonly tcpMiddlewares: MergedTable<TcpMiddlewareDefinition, Declared<TcpMiddlewareOptions>>;
  readonly udpRouters: MergedTable<UdpRouterDefinition, Declared<UdpRouterOptions>>;
  readonly udpServices: MergedTable<UdpServiceDefinition, DeclaredUdpService>;
};

/** A provider's configuration with the memory that makes the next merge cheap. */
export type MergedConfig = ProviderConfig & { readonly memory: Memory };

/**
 * Merges what containers declare, by their ids: these order everything, so that the order of events cannot be seen in
 * the objects. Equal definitions of a name are one object with several origins; different ones of
 * one Compose service are an update, in which the newer counts; other different ones are a conflict, which is kept
 * for display with an error. With the policy `first` the first definition of a name counts, whatever the others say. `previous` is the last result, and is returned itself when nothing has changed; without
 * its memory everything is made anew.
 */
export function mergeDeclarations(
  provider: string,
  containers: SortedTable<Declarations>,
  previous?: ProviderConfig & { readonly memory?: Memory },
  conflicts: ConflictPolicy = 'neither',
): MergedConfig {
  const plain =
    <T>(kind: 'router' | 'middleware', shownAs?: (name: string) => string) =>
    (group: Group<Definition<Declared<T>>>) =>
      conflicts === 'first'
        ? takeFirst(kind, provider, group, shownAs)
        : mergePlain(kind, provider, group, shownAs);
  const services =
    <O extends object>(shownAs?: (name: string) => string) =>
    (group: Group<Serving<O>>) =>
      conflicts === 'first'
        ? takeFirst('service', provider, group, shownAs)
        : mergeServices(provider, group, shownAs);
  const old = previous?.memory;
  const before = old?.containers ?? sortedTable<Declarations>();
  const { set, removed } = diffTables(before, containers);
  const changes: DeclarerChanges = {
    removed: [...removed, ...set.map(([id]) => id)].flatMap((id) => before.get(id) ?? []),
    added: set.map(([, container]) => container),
  };
  const memory: Memory = {
    containers,
    faulty: withChanges(old?.faulty ?? sortedTable(), [
      ...removed.map((id) => [id, undefined] as const),
      ...set.map(([id, { diagnostics }]) => [id, diagnostics.length > 0 ? diagnostics : undefined] as const),
    ]),
    routers: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.routers,
        mergeGroup: plain('router'),
      },
      old?.routers,
    ),
    services: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.services,
        mergeGroup: services(),
      },
      old?.services,
    ),
    middlewares: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.middlewares,
        mergeGroup: plain('middleware'),
      },
      old?.middlewares,
    ),
    tcpRouters: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.tcpRouters,
        mergeGroup: plain('router', tcpName),
      },
      old?.tcpRouters,
    ),
    tcpServices: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.tcpServices,
        mergeGroup: services(tcpName),
      },
      old?.tcpServices,
    ),
    tcpMiddlewares: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.tcpMiddlewares,
        mergeGroup: plain('middleware', tcpName),
      },
      old?.tcpMiddlewares,
    ),
    udpRouters: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.udpRouters,
        mergeGroup: plain('router', udpName),
      },
      old?.udpRouters,
    ),
    udpServices: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.udpServices,
        mergeGroup: services(udpName),
      },
      old?.udpServices,
    ),
  };
  const config: MergedConfig = {
    provider,
    routers: memory.routers.objects,
    services: memory.services.objects,
    middlewares: memory.middlewares.objects,
    tcpRouters: memory.tcpRouters.objects,
    tcpServices: memory.tcpServices.objects,
    tcpMiddlewares: memory.tcpMiddlewares.objects,
    udpRouters: memory.udpRouters.objects,
    udpServices: memory.udpServices.objects,
    diagnostics: collectDiagnostics(memory, old, previous?.diagnostics),
    memory,
  };
  return hasMemory(previous) && isSame(previous, config) ? previous : config;
}

type Group<Def> = readonly [Def, ...Def[]];

function takeFirst<D extends Declared<unknown>>(
  kind: ObjectKind,
  provider: string,
  group: Group<Definition<D>>,
  shownAs?: (name: string) => string,
): MergedObject<D> {
  const { chosen, faults } = firstOf(kind, provider, group, shownAs);
  return chosen.alone === undefined ? { loose: faults } : { object: { ...chosen.alone, faults }, loose: [] };
}

function mergePlain<T>(
  kind: 'router' | 'middleware',
  provider: string,
  group: Group<Definition<Declared<T>>>,
  shownAs?: (name: string) => string,
): MergedObject<Declared<T>> {
  const { chosen, faults, overruled } = judgeGroup(kind, provider, group, shownAs);
  if (chosen.alone === undefined) return { loose: [...faults, ...overruled] };
  const { name, options, labels = [] } = chosen.alone;
  return { object: { name, options, origins: originsOf(group), faults, labels }, loose: overruled };
}

type Serving<O> = Definition<WithReplicas<O>> & ReplicaOfDefinition;

function mergeServices<O extends object>(
  provider: string,
  group: Group<Serving<O>>,
  shownAs?: (name: string) => string,
): MergedObject<WithReplicas<O>> {
  const { chosen, faults, overruled } = judgeGroup('service', provider, group, shownAs);
  const replicas = new Map<string, Replica>();
  for (const { replica } of group) {
    // Containers that name one URL are one server (Traefik de-duplicates them too).
    if (replica !== undefined && !replicas.has(replica.id)) replicas.set(replica.id, replica);
  }
  const own = distinct(group.flatMap(({ replicaFaults }) => replicaFaults));
  // As long as one replica can be reached, the fault of another one is no reason to stop the service.
  const stopping = own.filter(({ severity }) => severity === 'error' && replicas.size > 0);
  const harmless = own.filter((fault) => !stopping.includes(fault));
  if (chosen.alone === undefined) return { loose: [...faults, ...overruled, ...own] };
  const object: WithReplicas<O> = {
    name: chosen.name,
    options: chosen.alone.options,
    origins: originsOf(group),
    faults: [...faults, ...harmless],
    labels: chosen.alone.labels ?? [],
    replicas: [...replicas.values()],
  };
  return { object, loose: [...overruled, ...stopping] };
}

function originsOf(group: readonly Definition<unknown>[]): readonly string[] {
  return group.map(({ declarer }) => declarer.name);
}

/** Diagnostics that stand at no object: those of containers in the order of their ids, then those of each kind. */
function collectDiagnostics(memory: Memory, old: Memory | undefined, previous: readonly Diagnostic[] = []) {
  const lists = [memory.faulty, ...looseOf(memory)];
  const before = old && [old.faulty, ...looseOf(old)];
  if (before !== undefined && lists.every((list, at) => list === before[at])) return previous;
  const diagnostics = lists.flatMap((list) => [...list.values()].flat());
  const isUnchanged =
    previous.length === diagnostics.length && previous.every((one, at) => one === diagnostics[at]);
  return isUnchanged ? previous : diagnostics;
}

function looseOf({ containers: _, faulty: __, ...tables }: Memory) {
  return Object.values(tables).map(({ loose }) => loose);
}

function hasMemory(
  config: (ProviderConfig & { readonly memory?: Memory }) | undefined,
): config is MergedConfig {
  return config?.memory !== undefined;
}

function isSame(one: ProviderConfig, other: ProviderConfig): boolean {
  return (
    one.provider === other.provider &&
    one.routers === other.routers &&
    one.services === other.services &&
    one.middlewares === other.middlewares &&
    one.tcpRouters === other.tcpRouters &&
    one.tcpServices === other.tcpServices &&
    one.tcpMiddlewares === other.tcpMiddlewares &&
    one.udpRouters === other.udpRouters &&
    one.udpServices === other.udpServices &&
    one.diagnostics === other.diagnostics
  );
}
