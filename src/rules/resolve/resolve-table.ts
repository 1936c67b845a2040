// One kind of object of all providers, where each object depends on nothing but its declaration: services, middlewares.
import { createOrderedMemo } from '../../lib/ordered-memo.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import { keepTable } from './keep-table.ts';
import type { Resolution } from './resolve-service.ts';

export type ResolvedTable<T> = {
  readonly table: ReadonlyMap<string, T>;
  /** Faults of the declarations and those found while resolving, in the order of declaration. */
  readonly diagnostics: readonly Diagnostic[];
};

/** What a provider declares of one kind. */
export type DeclaredTable<D> = (provider: ProviderConfig) => ReadonlyMap<string, D>;

/** Remembers the result for each declaration, and for all of them while no provider's table is another one. */
export function createTableResolver<D extends Declared<unknown>, T extends { readonly name: string }>(
  resolveOne: (provider: string, declared: D) => Resolution<T>,
): (
  providers: readonly ProviderConfig[],
  tableOf: DeclaredTable<D>,
  previous: ReadonlyMap<string, T>,
) => ResolvedTable<T> {
  const memo = createOrderedMemo<D, Resolution<T>>();
  const holds = () => true;
  let lastInput: readonly unknown[] = [];
  let last: ResolvedTable<T> | undefined;

  return (providers, tableOf, previous) => {
    const input = providers.map(tableOf);
    if (last?.table === previous && sameItems(input, lastInput)) return last;
    memo.begin();
    const objects: T[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const provider of providers) {
      for (const declared of tableOf(provider).values()) {
        const { object, found } = memo.get(declared, holds, () => resolveOne(provider.provider, declared));
        objects.push(object);
        collect(diagnostics, declared.faults, found);
      }
    }
    lastInput = input;
    last = { table: keepTable(previous, objects), diagnostics };
    return last;
  };
}

/** Adds the faults to the list. Most objects have none. */
export function collect(diagnostics: Diagnostic[], ...faults: readonly (readonly Diagnostic[])[]): void {
  for (const some of faults) if (some.length > 0) diagnostics.push(...some);
}

/** Whether both lists hold the very same items. */
export function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
