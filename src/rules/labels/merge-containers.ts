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
import { type MergedObject, type MergedTable, mergeTable } from './merge-table.ts';

type Tables = {
  readonly routers: MergedTable<RouterDefinition, Declared<RouterOptions>>;
  readonly services: MergedTable<ServiceDefinition, DeclaredService>;
  readonly middlewares: MergedTable<MiddlewareDefinition, Declared<MiddlewareOptions>>;
};

/** A provider's configuration with the memory that makes the next merge cheap. */
export type MergedConfig = ProviderConfig & { readonly merged: Tables };

/**
 * Merges what containers declare. Equal definitions of a name are one object with several origins; different ones of
 * one Compose service are an update, in which the newer counts; other different ones are a conflict, which is kept
 * for display with an error. `previous` is the last result; without its memory everything is made anew.
 */
export function mergeContainers(
  provider: string,
  all: readonly ContainerDeclarations[],
  previous?: ProviderConfig & { readonly merged?: Tables },
): MergedConfig {
  const containers = sortedById(all);
  const memory = previous?.merged;
  const merged: Tables = {
    routers: mergeTable(
      containers,
      (container) => container.routers,
      (group) => mergePlain('router', provider, group),
      memory?.routers,
    ),
    services: mergeTable(
      containers,
      (container) => container.services,
      (group) => mergeServices(provider, group),
      memory?.services,
    ),
    middlewares: mergeTable(
      containers,
      (container) => container.middlewares,
      (group) => mergePlain('middleware', provider, group),
      memory?.middlewares,
    ),
  };
  return {
    provider,
    routers: merged.routers.objects,
    services: merged.services.objects,
    middlewares: merged.middlewares.objects,
    diagnostics: collectDiagnostics(containers, merged, previous?.diagnostics),
    merged,
  };
}

function mergePlain<T>(
  kind: 'router' | 'middleware',
  provider: string,
  group: readonly [Definition<Declared<T>>, ...Definition<Declared<T>>[]],
): MergedObject<Declared<T>> {
  const { chosen, faults, overruled } = judgeGroup(kind, provider, group);
  if (chosen.alone === undefined) return { loose: [...faults, ...overruled] };
  const { name, options } = chosen.alone;
  return { object: { name, options, origins: originsOf(group), faults }, loose: overruled };
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
    replicas: [...replicas.values()],
  };
  return { object, loose: [...overruled, ...stopping] };
}

function originsOf(group: readonly Definition<unknown>[]): readonly string[] {
  return group.map(({ declarer }) => declarer.name);
}

/** Container ids order everything, so that the order of events cannot be seen in the result. */
function sortedById(all: readonly ContainerDeclarations[]): readonly ContainerDeclarations[] {
  const isSorted = all.every(
    (container, at) => at === 0 || (all[at - 1]?.declarer.id ?? '') <= container.declarer.id,
  );
  return isSorted ? all : all.toSorted((one, other) => (one.declarer.id < other.declarer.id ? -1 : 1));
}

function collectDiagnostics(
  all: readonly ContainerDeclarations[],
  merged: Tables,
  previous: readonly Diagnostic[] | undefined,
): readonly Diagnostic[] {
  const diagnostics = [
    ...all.flatMap((container) => container.diagnostics),
    ...merged.routers.loose,
    ...merged.services.loose,
    ...merged.middlewares.loose,
  ];
  const isSame =
    previous?.length === diagnostics.length &&
    previous.every((diagnostic, at) => diagnostic === diagnostics[at]);
  return isSame ? previous : diagnostics;
}
