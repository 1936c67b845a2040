// Checks the rules of new routers, and new middlewares, ahead of the resolver, a slice at a time: hundreds of costly regexps in labels must not
// keep the control plane from hearing the Engine, its health checks and the API meanwhile.
import { diffTables } from '../../lib/sorted-table.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import type { MiddlewareCheck } from '../../rules/resolve/check-middleware.ts';
import type { RuleMemo } from '../../rules/resolve/rule-memo.ts';

/** Checks what is new; false when its time was up before all was checked: call it again, after others had their turn. */
export type NewRules = (providers: Iterable<ProviderConfig>) => boolean;

/**
 * Longest slice, in milliseconds. One rule may take as long again (its regexps are bounded), and together that stays below
 * the 50 ms that nobody may hold the control plane.
 */
const sliceMs = 15;

/** What remembers, so that the resolver finds it done: both must be the resolver's. */
export type Checks = { readonly checkRule: RuleMemo; readonly checkMiddleware: MiddlewareCheck };

/** `now`: milliseconds, for tests. */
export function createNewRules(
  { checkRule, checkMiddleware }: Checks,
  defaultRuleSyntax: 'v3' | 'v2',
  now: () => number = () => performance.now(),
): NewRules {
  const checkRouters = createNewObjects(
    ({ routers }) => routers,
    ({ options: { rule = '', ruleSyntax = defaultRuleSyntax } }) => {
      if (rule !== '') checkRule(rule, ruleSyntax);
    },
  );
  const checkTcpRouters = createNewObjects(
    ({ tcpRouters }) => tcpRouters,
    ({ options: { rule = '' } }) => {
      if (rule !== '') checkRule(rule, 'tcp');
    },
  );
  const checkMiddlewares = createNewObjects(
    ({ middlewares }) => middlewares,
    ({ options, faults }) => {
      // One that decoded badly may lack what is looked at.
      if (!faults.some(({ severity }) => severity === 'error')) checkMiddleware(options);
    },
  );
  return (providers) => {
    const end = now() + sliceMs;
    const isInTime = () => now() < end;
    for (const config of providers) {
      if (!checkRouters(config, isInTime) || !checkMiddlewares(config, isInTime)) return false;
      if (!checkTcpRouters(config, isInTime)) return false;
    }
    return true;
  };
}

/** Checks what is new in one table of a provider, as long as there is time; true when all is done. */
function createNewObjects<D extends Declared<unknown>>(
  tableOf: (config: ProviderConfig) => ReadonlyMap<string, D>,
  check: (declared: D) => void,
): (config: ProviderConfig, isInTime: () => boolean) => boolean {
  const finished = new Map<string, ReadonlyMap<string, D>>();
  /** What of a provider is new to a run which is not over. */
  const begun = new Map<string, { readonly table: ReadonlyMap<string, D>; readonly left: D[] }>();

  const leftOf = (provider: string, table: ReadonlyMap<string, D>): D[] => {
    const run = begun.get(provider);
    if (run?.table === table) return run.left;
    const { set } = diffTables(finished.get(provider) ?? new Map<string, D>(), table);
    // Taken from the end. What an earlier run has checked already is remembered, and costs a look-up.
    const left = set.map(([, declared]) => declared).reverse();
    begun.set(provider, { table, left });
    return left;
  };

  return (config, isInTime) => {
    const { provider } = config;
    const table = tableOf(config);
    const left = leftOf(provider, table);
    for (let declared = left.at(-1); declared !== undefined; declared = left.at(-1)) {
      if (!isInTime()) return false;
      check(declared);
      left.pop();
    }
    begun.delete(provider);
    finished.set(provider, table);
    return true;
  };
}
