// One table of a provider's configuration out of the definitions of all containers. Only names that a changed
// container declares are looked at again; everything else keeps its identity.
import { sameValue } from '../../lib/same-value.ts';
import { type SortedTable, sortedTable, withChanges } from '../../lib/sorted-table.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Declarations, Definition } from './declarations.ts';

/** What the definitions of one name come to. */
export type MergedObject<D> = {
  /** Absent where no definition has usable options. */
  readonly object?: D;
  /** Diagnostics that must not stand at the object, because they would stop it. */
  readonly loose: readonly Diagnostic[];
};

/** One table with the memory of its making. */
export type MergedTable<Def, D> = {
  readonly objects: SortedTable<D>;
  /** All definitions of each name, in the order of their containers' ids: the memory of the next merge. */
  readonly definitions: SortedTable<readonly [Def, ...Def[]]>;
  /** Loose diagnostics by the name that they come from; most names have none. */
  readonly loose: SortedTable<readonly Diagnostic[]>;
};

/** Containers that are gone or were different before, and those that are new or different now. */
export type DeclarerChanges = {
  readonly removed: readonly Declarations[];
  readonly added: readonly Declarations[];
};

/** What is special about one kind of object. */
export type TableRules<Def, D> = {
  readonly definitionsOf: (container: Declarations) => readonly Def[];
  readonly mergeGroup: (group: readonly [Def, ...Def[]]) => MergedObject<D>;
};

/** The table after the changes; `previous` itself stays as it is. */
export function mergeTable<Def extends Definition<D>, D>(
  changes: DeclarerChanges,
  { definitionsOf, mergeGroup }: TableRules<Def, D>,
  previous: MergedTable<Def, D> | undefined,
): MergedTable<Def, D> {
  const removed = new Set(changes.removed.flatMap(definitionsOf));
  const added = Map.groupBy(changes.added.flatMap(definitionsOf), ({ name }) => name);
  const names = new Set([...added.keys(), ...[...removed].map(({ name }) => name)]);
  if (names.size === 0 && previous !== undefined) return previous;
  const before = previous ?? emptyTable<Def, D>();
  const definitions = new Map<string, readonly [Def, ...Def[]] | undefined>();
  const loose = new Map<string, readonly Diagnostic[] | undefined>();
  const objects = new Map<string, D | undefined>();
  for (const name of names) {
    const kept = (before.definitions.get(name) ?? []).filter((definition) => !removed.has(definition));
    const group = sortedByContainer([...kept, ...(added.get(name) ?? [])]);
    const merged = isGroup(group) ? mergeAny(group, mergeGroup) : { loose: [] };
    definitions.set(name, isGroup(group) ? group : undefined);
    loose.set(name, merged.loose.length > 0 ? merged.loose : undefined);
    if (!sameValue(before.objects.get(name), merged.object)) objects.set(name, merged.object);
  }
  return {
    objects: withChanges(before.objects, objects),
    definitions: withChanges(before.definitions, definitions),
    loose: withChanges(before.loose, loose),
  };
}

function emptyTable<Def, D>(): MergedTable<Def, D> {
  return { objects: sortedTable(), definitions: sortedTable(), loose: sortedTable() };
}

function mergeAny<Def extends Definition<D>, D>(
  group: readonly [Def, ...Def[]],
  mergeGroup: (group: readonly [Def, ...Def[]]) => MergedObject<D>,
): MergedObject<D> {
  if (group.length > 1) return mergeGroup(group);
  const [{ alone, faults }] = group;
  return alone === undefined ? { loose: faults } : { object: alone, loose: [] };
}

/** Sorts in place. Groups mostly arrive sorted, and then it costs one comparison each. */
function sortedByContainer<Def extends Definition<unknown>>(group: Def[]): readonly Def[] {
  return group.sort(({ declarer: one }, { declarer: other }) =>
    one.id < other.id ? -1 : one.id > other.id ? 1 : 0,
  );
}

function isGroup<Def>(group: readonly Def[]): group is readonly [Def, ...Def[]] {
  return group.length > 0;
}
