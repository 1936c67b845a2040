// Checks the rules of new routers ahead of the resolver, a slice at a time: hundreds of costly regexps in labels must not
// keep the control plane from hearing the Engine, its health checks and the API meanwhile.
import { diffTables } from '../../lib/sorted-table.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import type { RuleMemo } from '../../rules/resolve/rule-memo.ts';

/** Checks what is new; false when its time was up before all was checked: call it again, after others had their turn. */
export type NewRules = (providers: Iterable<ProviderConfig>) => boolean;

/**
 * Longest slice, in milliseconds. One rule may take as long again (its regexps are bounded), and together that stays below
 * the 50 ms that nobody may hold the control plane.
 */
const sliceMs = 15;

type Routers = ReadonlyMap<string, Declared<RouterOptions>>;

/** `checkRule` must be the resolver's, so that it remembers what is checked here. `now`: milliseconds, for tests. */
export function createNewRules(
  checkRule: RuleMemo,
  defaultRuleSyntax: 'v3' | 'v2',
  now: () => number = () => performance.now(),
): NewRules {
  const finished = new Map<string, Routers>();
  /** The routers of a provider that are new to a run which is not over. */
  const begun = new Map<string, { readonly routers: Routers; readonly left: Declared<RouterOptions>[] }>();

  const leftOf = ({ provider, routers }: ProviderConfig): Declared<RouterOptions>[] => {
    const run = begun.get(provider);
    if (run?.routers === routers) return run.left;
    const { set } = diffTables(finished.get(provider) ?? new Map<string, Declared<RouterOptions>>(), routers);
    // Taken from the end. What an earlier run has checked already is remembered, and costs a look-up.
    const left = set.map(([, declared]) => declared).reverse();
    begun.set(provider, { routers, left });
    return left;
  };

  return (providers) => {
    const end = now() + sliceMs;
    for (const config of providers) {
      const left = leftOf(config);
      for (let declared = left.at(-1); declared !== undefined; declared = left.at(-1)) {
        if (now() >= end) return false;
        const { rule = '', ruleSyntax = defaultRuleSyntax } = declared.options;
        if (rule !== '') checkRule(rule, ruleSyntax);
        left.pop();
      }
      begun.delete(config.provider);
      finished.set(config.provider, config.routers);
    }
    return true;
  };
}
