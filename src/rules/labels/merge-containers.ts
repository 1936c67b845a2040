// The declarations of all containers → the configuration of their provider. Pure; what did not change since `previous`
// keeps its identity, so that a change costs what changed and one flat pass.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type { Declared, DeclaredService, ProviderConfig } from '../../model/provider-config.ts';
import type { Replica } from '../../model/replica.ts';
import type { RouterOptions } from '../../model/router.ts';
import type {
  ContainerDeclarations,
  Definition,
  MiddlewareDefinition,
  RouterDefinition,
  ServiceDefinition,
} from './declarations.ts';
import { distinct, judgeGroup } from './merge-group.ts';
import { type ContainerChanges, type MergedObject, type MergedTable, mergeTable } from './merge-table.ts';

type Memory = {
  /** Sorted by id, so that two lists can be compared in one pass. */
  readonly containers: readonly ContainerDeclarations[];
  readonly routers: MergedTable<RouterDefinition, Declared<RouterOptions>>;
  readonly services: MergedTable<ServiceDefinition, DeclaredService>;
  readonly middlewares: MergedTable<MiddlewareDefinition, Declared<MiddlewareOptions>>;
};

/** A provider's configuration with the memory that makes the next merge cheap. */
export type MergedConfig = ProviderConfig & { readonly memory: Memory };

/**
 * Merges what containers declare. Equal definitions of a name are one object with several origins; different ones of
 * one Compose service are an update, in which the newer counts; other different ones are a conflict, which is kept
 * for display with an error. `previous` is the last result, and is returned itself when nothing has changed; without
 * its memory everything is made anew.
 */
export function mergeContainers(
  provider: string,
  all: readonly ContainerDeclarations[],
  previous?: ProviderConfig & { readonly memory?: Memory },
): MergedConfig {
  const old = previous?.memory;
  const containers = sortedById(all, old?.containers ?? []);
  const changes = compareContainers(old?.containers ?? [], containers);
  const memory: Memory = {
    containers,
    routers: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.routers,
        mergeGroup: (group) => mergePlain('router', provider, group),
      },
      old?.routers,
    ),
    services: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.services,
        mergeGroup: (group) => mergeServices(provider, group),
      },
      old?.services,
    ),
    middlewares: mergeTable(
      changes,
      {
        definitionsOf: (container) => container.middlewares,
        mergeGroup: (group) => mergePlain('middleware', provider, group),
      },
      old?.middlewares,
    ),
  };
  const config: MergedConfig = {
    provider,
    routers: memory.routers.objects,
    services: memory.services.objects,
    middlewares: memory.middlewares.objects,
    diagnostics: collectDiagnostics(memory, previous?.diagnostics),
    memory,
  };
  return hasMemory(previous) && isSame(previous, config) ? previous : config;
}

/** The differences of two lists that are sorted by id, by identity. */
function compareContainers(
  before: readonly ContainerDeclarations[],
  now: readonly ContainerDeclarations[],
): ContainerChanges {
  const removed: ContainerDeclarations[] = [];
  const added: ContainerDeclarations[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < now.length) {
    const [one, other] = [before[left], now[right]];
    if (one === other) {
      left += 1;
      right += 1;
    } else if (one !== undefined && (other === undefined || one.declarer.id <= other.declarer.id)) {
      // One that has changed is removed here and, its id now being behind, added in the next step.
      removed.push(one);
      left += 1;
    } else if (other !== undefined) {
      added.push(other);
      right += 1;
    }
  }
  return { removed, added };
}

function mergePlain<T>(
  kind: 'router' | 'middleware',
  provider: string,
  group: readonly [Definition<Declared<T>>, ...Definition<Declared<T>>[]],
): MergedObject<Declared<T>> {
  const { chosen, faults, overruled } = judgeGroup(kind, provider, group);
  if (chosen.alone === undefined) return { loose: [...faults, ...overruled] };
  const { name, options, labels = [] } = chosen.alone;
  return { object: { name, options, origins: originsOf(group), faults, labels }, loose: overruled };
}

function mergeServices(
  provider: string,
  group: readonly [ServiceDefinition, ...ServiceDefinition[]],
): MergedObject<DeclaredService> {
  const { chosen, faults, overruled } = judgeGroup('service', provider, group);
  const replicas = new Map<string, Replica>();
  for (const { replica } of group) {
    // Containers that name one URL are one server (Traefik de-duplicates them too).
    if (replica !== undefined && !replicas.has(replica.id)) replicas.set(replica.id, replica);
  }
  const own = distinct(group.flatMap(({ replicaFaults }) => replicaFaults));
  // As long as one replica can be reached, the fault of another one is no reason to stop the service.
  const stopping = own.filter(({ severity }) => severity === 'error' && replicas.size > 0);
  const harmless = own.filter((fault) => !stopping.includes(fault));
  const object: DeclaredService = {
    name: chosen.name,
    options: chosen.alone?.options ?? {},
    origins: originsOf(group),
    faults: [...faults, ...harmless],
    labels: chosen.alone?.labels ?? [],
    replicas: [...replicas.values()],
  };
  return { object, loose: [...overruled, ...stopping] };
}

function originsOf(group: readonly Definition<unknown>[]): readonly string[] {
  return group.map(({ declarer }) => declarer.name);
}

/** Container ids order everything, so that the order of events cannot be seen in the objects. */
function sortedById(
  all: readonly ContainerDeclarations[],
  before: readonly ContainerDeclarations[],
): readonly ContainerDeclarations[] {
  if (isSorted(all, before)) return all;
  return all.toSorted((one, other) => (one.declarer.id < other.declarer.id ? -1 : 1));
}

/** Neighbours that stood side by side in `before`, which is sorted, are not read: that would cost more than the rest. */
function isSorted(all: readonly ContainerDeclarations[], before: readonly ContainerDeclarations[]): boolean {
  let shift = 0;
  for (let at = 1; at < all.length; at += 1) {
    const one = all[at - 1];
    const other = all[at];
    if (before[at - 1 + shift] === one && before[at + shift] === other) continue;
    if ((one?.declarer.id ?? '') > (other?.declarer.id ?? '')) return false;
    if (before[at + shift + 1] === other) shift += 1;
    else if (before[at + shift - 1] === other) shift -= 1;
  }
  return true;
}

function collectDiagnostics(
  { containers, routers, services, middlewares }: Memory,
  previous: readonly Diagnostic[] | undefined,
): readonly Diagnostic[] {
  const loose = [routers, services, middlewares].flatMap((table) =>
    [...table.loose].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, list]) => list),
  );
  const diagnostics = [...containers.flatMap((container) => container.diagnostics), ...loose];
  const isUnchanged =
    previous?.length === diagnostics.length &&
    previous.every((diagnostic, at) => diagnostic === diagnostics[at]);
  return isUnchanged ? previous : diagnostics;
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
    one.diagnostics === other.diagnostics
  );
}
