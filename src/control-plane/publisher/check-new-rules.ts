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
  const checked = new WeakSet<Declared<RouterOptions>>();

  return (providers) => {
    const end = now() + sliceMs;
    for (const { provider, routers } of providers) {
      const { set } = diffTables(
        finished.get(provider) ?? new Map<string, Declared<RouterOptions>>(),
        routers,
      );
      for (const [, declared] of set) {
        if (checked.has(declared)) continue;
        if (now() >= end) return false;
        const { rule = '', ruleSyntax = defaultRuleSyntax } = declared.options;
        if (rule !== '') checkRule(rule, ruleSyntax);
        checked.add(declared);
      }
      finished.set(provider, routers);
    }
    return true;
  };
}
