// One table of a provider's configuration out of the definitions of all containers. What did not change keeps its
// identity, and costs one look-up in each of two maps.
import { sameData } from '../../lib/same-data.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ContainerDeclarations, Definition } from './declarations.ts';

export type MergedObject<D> = {
  /** Absent where no definition has usable options. */
  readonly object?: D;
  /** Diagnostics that must not stand at the object, because they would stop it. */
  readonly loose: readonly Diagnostic[];
};

export type MergedGroup<Def, D> = {
  readonly definitions: readonly [Def, ...Def[]];
  readonly merged: MergedObject<D>;
};

export type MergedTable<Def, D> = {
  readonly objects: ReadonlyMap<string, D>;
  /** The names that several containers declare, with what was merged from what: the memory of the next merge. */
  readonly groups: ReadonlyMap<string, MergedGroup<Def, D>>;
  readonly loose: readonly Diagnostic[];
};

/** Merges the definitions that `definitionsOf` gives of each container, in the order of the containers. */
export function mergeTable<Def extends Definition<D>, D>(
  all: readonly ContainerDeclarations[],
  definitionsOf: (container: ContainerDeclarations) => readonly Def[],
  mergeGroup: (group: readonly [Def, ...Def[]]) => MergedObject<D>,
  previous: MergedTable<Def, D> | undefined,
): MergedTable<Def, D> {
  const objects = new Map<string, D>();
  const loose: Diagnostic[] = [];
  const groups = new Map<string, MergedGroup<Def, D>>();
  let same = true;
  const keep = (name: string, object: D | undefined): void => {
    if (object === undefined) return;
    const old = previous?.objects.get(name);
    const kept = old !== undefined && old !== object && sameData(old, object) ? old : object;
    if (kept !== old) same = false;
    objects.set(name, kept);
  };
  for (const [name, found] of groupByName(all, definitionsOf)) {
    if (!isGroup(found)) {
      keep(name, found.alone);
      if (found.alone === undefined) loose.push(...found.faults);
      continue;
    }
    const group = mergeOnce(name, found, mergeGroup, previous);
    groups.set(name, group);
    keep(name, group.merged.object);
    loose.push(...group.merged.loose);
  }
  const unchanged = same && previous !== undefined && previous.objects.size === objects.size;
  return { objects: unchanged ? previous.objects : objects, groups, loose };
}

function groupByName<Def extends { readonly name: string }>(
  all: readonly ContainerDeclarations[],
  definitionsOf: (container: ContainerDeclarations) => readonly Def[],
): Map<string, Def | [Def, ...Def[]]> {
  const found = new Map<string, Def | [Def, ...Def[]]>();
  for (const container of all) {
    for (const definition of definitionsOf(container)) {
      const earlier = found.get(definition.name);
      if (earlier === undefined) found.set(definition.name, definition);
      else if (isGroup(earlier)) earlier.push(definition);
      else found.set(definition.name, [earlier, definition]);
    }
  }
  return found;
}

function isGroup<Def>(found: Def | readonly [Def, ...Def[]]): found is readonly [Def, ...Def[]] {
  return Array.isArray(found);
}

function mergeOnce<Def extends Definition<D>, D>(
  name: string,
  definitions: readonly [Def, ...Def[]],
  mergeGroup: (group: readonly [Def, ...Def[]]) => MergedObject<D>,
  previous: MergedTable<Def, D> | undefined,
): MergedGroup<Def, D> {
  const old = previous?.groups.get(name);
  const isSame =
    old !== undefined &&
    old.definitions.length === definitions.length &&
    old.definitions.every((definition, at) => definition === definitions[at]);
  return isSame ? old : { definitions, merged: mergeGroup(definitions) };
}
