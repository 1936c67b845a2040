// One kind of object of all providers, where each object depends on nothing but its declaration: services, middlewares.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ObjectStatus } from '../../model/dynamic-config.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import { createDeclaredTables } from './declared-tables.ts';
import { createFaultBook } from './fault-book.ts';
import { patchTable } from './patch-table.ts';
import type { Resolution } from './resolve-service.ts';

/** A table after a run, and what the run has changed. */
export type ResolvedTable<T> = {
  readonly table: ReadonlyMap<string, T>;
  /** Faults of the declarations and those found while resolving, sorted by object. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names to which a reference means something else than before: new, gone, or of another status. */
  readonly affected: ReadonlySet<string>;
};

type Referable = { readonly name: string; readonly status: ObjectStatus; readonly errors: readonly string[] };

/** Resolves what has changed since the last call; `previous` must be the table that it gave. */
export function createTableResolver<D extends Declared<unknown>, T extends Referable>(
  tableOf: (provider: ProviderConfig) => ReadonlyMap<string, D>,
  resolveOne: (provider: string, declared: D) => Resolution<T>,
): (providers: readonly ProviderConfig[], previous: ReadonlyMap<string, T>) => ResolvedTable<T> {
  const declaredTables = createDeclaredTables(tableOf);
  const faults = createFaultBook();

  return (providers, previous) => {
    const { set, removed } = declaredTables.advance(providers);
    const objects = set.map(({ provider, declared }) => {
      const { object, found } = resolveOne(provider, declared);
      faults.set(object.name, declared.faults, found);
      return object;
    });
    for (const name of removed) faults.delete(name);
    const table = patchTable(previous, objects, removed);
    const touched = [...objects.map(({ name }) => name), ...removed];
    const affected = new Set(touched.filter((name) => !alike(previous.get(name), table.get(name))));
    return { table, diagnostics: faults.all(), affected };
  };
}

function alike(one: Referable | undefined, other: Referable | undefined): boolean {
  return one === other || (one?.status === other?.status && one?.errors.join() === other?.errors.join());
}
