// The declarations of one kind of all providers, and what has changed in them from one run to the next.
import { diffTables } from '../../lib/sorted-table.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import { qualifyName } from './qualify-name.ts';

/** What is new or different, and what is gone. */
export type TableChanges<D> = {
  readonly set: readonly { readonly provider: string; readonly declared: D }[];
  /** Qualified names. */
  readonly removed: readonly string[];
};

/** Without declarations; the first `advance` sets them all. */
export function createDeclaredTables<D extends Declared<unknown>>(
  tableOf: (provider: ProviderConfig) => ReadonlyMap<string, D>,
): { advance(providers: readonly ProviderConfig[]): TableChanges<D> } {
  const last = new Map<string, ReadonlyMap<string, D>>();
  return {
    advance(providers) {
      const next = new Map(providers.map((config) => [config.provider, tableOf(config)] as const));
      // A provider is never taken away at run time; if one were, it would declare nothing.
      const names = new Set([...last.keys(), ...next.keys()]);
      const changes = [...names].map((provider) => {
        const table = next.get(provider) ?? new Map<string, D>();
        const { set, removed } = diffTables(last.get(provider) ?? new Map<string, D>(), table);
        last.set(provider, table);
        return {
          set: set.map(([, declared]) => ({ provider, declared })),
          removed: removed.map((name) => qualifyName(name, provider)),
        };
      });
      return {
        set: changes.flatMap(({ set }) => set),
        removed: changes.flatMap(({ removed }) => removed),
      };
    },
  };
}
