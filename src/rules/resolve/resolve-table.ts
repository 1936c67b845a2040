// One kind of object of all providers: services, middlewares. An object is resolved anew when its declaration has changed,
// or something that it refers to, however far away.
import { createReferenceIndex } from '../../lib/reference-index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import { createDeclaredTables } from './declared-tables.ts';
import { createFaultBook } from './fault-book.ts';
import { patchTable } from './patch-table.ts';
import { qualifyName } from './qualify-name.ts';
import type { Lookup, Referable } from './reference-table.ts';
import type { Resolution } from './resolve-service.ts';

/** A table after a run, and what the run has changed. */
export type ResolvedTable<T> = {
  readonly table: ReadonlyMap<string, T>;
  /** Faults of the declarations and those found while resolving, sorted by object. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names to which a reference means something else than before: new, gone, of another status, or with middlewares. */
  readonly affected: ReadonlySet<string>;
};

/** What is resolved, and how. `R` is what it refers to: objects of its own table unless a run says otherwise. */
export type TableKind<D extends Declared<unknown>, T extends Referable, R = T> = {
  readonly declared: (provider: ProviderConfig) => ReadonlyMap<string, D>;
  readonly resolve: (
    provider: string,
    declared: D,
    lookup: Lookup<R>,
    /** For one that has found nothing elsewhere. */
    noteLost: () => void,
  ) => Resolution<T>;
  /** Qualified names that the resolution looks up. Absent: none. */
  readonly refersTo?: (provider: string, declared: D) => readonly string[];
};

/** A table that has been resolved before, to which the objects of this one refer. */
export type OtherTable<R> = Pick<ResolvedTable<R>, 'table' | 'affected'>;

type Known<D> = { readonly provider: string; readonly declared: D };

/**
 * Resolves what has changed since the last call; `previous` must be the table that it gave. `elsewhere`: further names of
 * `refersTo` to which a reference means something else now.
 */
export type TableResolver<T, R> = (
  providers: readonly ProviderConfig[],
  previous: ReadonlyMap<string, T>,
  other?: OtherTable<R>,
  elsewhere?: Iterable<string>,
) => ResolvedTable<T>;

/** Nothing is known yet. */
export function createTableResolver<D extends Declared<unknown>, T extends Referable & R, R = T>({
  declared: tableOf,
  resolve,
  refersTo = () => [],
}: TableKind<D, T, R>): TableResolver<T, R> {
  const declaredTables = createDeclaredTables(tableOf);
  const faults = createFaultBook();
  /** Those that refer to others. */
  const referring = new Map<string, Known<D> & { readonly to: readonly string[] }>();
  const references = createReferenceIndex();
  /** Those of them that have found nothing under a name: they may have a better suggestion with each change. */
  const lost = new Set<string>();

  function note(name: string, known: Known<D> | undefined): void {
    const to = known === undefined ? [] : refersTo(known.provider, known.declared);
    references.set(name, to);
    lost.delete(name);
    if (known === undefined || to.length === 0) referring.delete(name);
    else referring.set(name, { ...known, to });
  }

  /** With those that refer to them, directly or through others. A set visits what is added to it on the way. */
  function withReferrers(changed: Iterable<string>): ReadonlySet<string> {
    const all = new Set(changed);
    for (const name of all) for (const from of references.referrers(name)) all.add(from);
    return all;
  }

  return (providers, previous, other, elsewhere = []) => {
    const { set, removed } = declaredTables.advance(providers);
    const names = set.map(({ provider, declared }) => qualifyName(declared.name, provider));
    const fresh = new Map<string, T>();
    const waiting = new Set<string>();
    const gone = new Set(removed);
    const lookup: Lookup<R> = {
      find(name) {
        if (other !== undefined) return other.table.get(name);
        if (waiting.has(name)) return 'circular';
        return fresh.get(name) ?? (gone.has(name) ? undefined : previous.get(name));
      },
      names: () => other?.table.keys() ?? new Set([...previous.keys(), ...names]).difference(gone),
    };
    const settle = (name: string, { provider, declared }: Known<D>): void => {
      const find = (to: string) => {
        const found = lookup.find(to);
        if (found === undefined) lost.add(name);
        return found;
      };
      // Made when somebody reads them: few suggestions are. Sorted, so that whatever has changed last, the same one of two that
      // are equally near is suggested.
      function* others(): Generator<string> {
        for (const one of [...lookup.names()].sort()) if (one !== name) yield one;
      }
      const { object, found } = resolve(provider, declared, { find, names: others }, () => lost.add(name));
      faults.set(name, declared.faults, found);
      fresh.set(name, object);
    };
    for (const name of removed) {
      note(name, undefined);
      faults.delete(name);
    }
    for (const [at, known] of set.entries()) note(names[at] ?? '', known);
    for (const [at, known] of set.entries()) {
      const name = names[at] ?? '';
      if (!referring.has(name)) settle(name, known);
    }
    if (referring.size > 0) {
      const stale = withReferrers([...names, ...removed, ...(other?.affected ?? []), ...elsewhere]);
      const all = stale.size === 0 ? stale : stale.union(lost);
      for (const name of all) if (referring.has(name)) waiting.add(name);
      const targetsOf = (name: string) => referring.get(name)?.to ?? [];
      const { ordered, circular } = inOrder(waiting, targetsOf, references.referrers);
      for (const name of [...ordered, ...circular]) {
        const known = referring.get(name);
        if (known !== undefined) settle(name, known);
        if (!circular.has(name)) waiting.delete(name);
      }
    }
    const table = patchTable(previous, [...fresh.values()], removed);
    const affected = [...fresh.keys(), ...removed].filter(
      (name) => !alike(previous.get(name), table.get(name)),
    );
    return { table, diagnostics: faults.all(), affected: new Set(affected) };
  };
}

/** Each of the names after all that it refers to; and those that go round in a circle, or lead into one. */
function inOrder(
  names: ReadonlySet<string>,
  targetsOf: (name: string) => readonly string[],
  referrersOf: (name: string) => Iterable<string>,
): { readonly ordered: readonly string[]; readonly circular: ReadonlySet<string> } {
  const open = new Map<string, number>();
  for (const name of names) {
    open.set(name, new Set(targetsOf(name).filter((target) => names.has(target))).size);
  }
  const ready = [...names].filter((name) => open.get(name) === 0);
  for (const name of ready) {
    for (const from of referrersOf(name)) {
      const left = open.get(from);
      if (left === undefined) continue;
      open.set(from, left - 1);
      if (left === 1) ready.push(from);
    }
  }
  return { ordered: ready, circular: names.difference(new Set(ready)) };
}

function alike(one: Referable | undefined, other: Referable | undefined): boolean {
  return (
    one === other ||
    (one?.status === other?.status &&
      one?.errors.join() === other?.errors.join() &&
      (one?.middlewares === undefined) === (other?.middlewares === undefined))
  );
}
