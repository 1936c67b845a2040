// All routers of all providers. A router is resolved anew only when its declaration or the state of something that it
// refers to has changed; clashes between routers are found over all of them.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Router } from '../../model/dynamic-config.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import { clashKey, clashMessage, findClashes } from './find-clashes.ts';
import { type ReferenceTables, referenceState } from './reference-table.ts';
import { type RouterContext, resolveRouter } from './resolve-router.ts';
import type { Resolution } from './resolve-service.ts';
import { createRuleMemo } from './rule-memo.ts';
import { openVerdict } from './verdict.ts';

type KnownRouter = {
  readonly provider: string;
  readonly declared: Declared<RouterOptions>;
  readonly router: Router;
  readonly found: readonly Diagnostic[];
  readonly key: string;
  /** State of the service and of each middleware when it was resolved. */
  readonly references: readonly string[];
  /** The same router with the warning of its clash, as long as that stays the same. */
  clash?: Resolution<Router> & { readonly message: string };
};

type Report = (declared: Declared<unknown>, found: readonly Diagnostic[]) => void;

/** Resolves routers, sorted by name; what was found goes to `report`. Remembers results by declaration. */
export function createRoutersResolver(): (
  providers: readonly ProviderConfig[],
  context: Omit<RouterContext, 'checkRule'>,
  report: Report,
) => Router[] {
  const memo = new WeakMap<Declared<RouterOptions>, KnownRouter>();
  const checkRule = createRuleMemo();

  return (providers, context, report) => {
    const all: KnownRouter[] = [];
    for (const { provider, routers } of providers) {
      for (const declared of routers.values()) {
        let known = memo.get(declared);
        if (known === undefined || !holds(known, context.tables)) {
          const { object, found } = resolveRouter(provider, declared, { ...context, checkRule });
          const references = statesOf(object, context.tables);
          known = { provider, declared, router: object, found, key: clashKey(object), references };
          memo.set(declared, known);
        }
        all.push(known);
      }
    }
    all.sort(byName);
    const clashes = findClashes(all);
    return all.map((known) => {
      const clash = clashes.size === 0 ? undefined : clashes.get(known.router.name);
      if (clash === undefined) {
        report(known.declared, known.found);
        return known.router;
      }
      const { object, found } = withClash(known, clashMessage(known.router, clash));
      report(known.declared, found);
      return object;
    });
  };
}

function byName(one: KnownRouter, other: KnownRouter): number {
  return one.router.name < other.router.name ? -1 : one.router.name > other.router.name ? 1 : 0;
}

function statesOf({ service, middlewares }: Router, tables: ReferenceTables): readonly string[] {
  return [
    referenceState(tables, 'service', service),
    ...middlewares.map((name) => referenceState(tables, 'middleware', name)),
  ];
}

function holds({ router, references }: KnownRouter, tables: ReferenceTables): boolean {
  return (
    references[0] === referenceState(tables, 'service', router.service) &&
    router.middlewares.every((name, at) => references[at + 1] === referenceState(tables, 'middleware', name))
  );
}

function withClash(known: KnownRouter, message: string): Resolution<Router> {
  if (known.clash?.message === message) return known.clash;
  const verdict = openVerdict('router', known.provider, known.declared);
  verdict.add({
    severity: 'warning',
    code: 'name-conflict',
    message,
    hint: 'Make the rules differ, or give one of the routers a priority.',
    option: { key: 'rule', value: known.router.rule },
  });
  const object: Router = Object.freeze({
    ...known.router,
    status: 'warning',
    errors: [...known.router.errors, message],
  });
  known.clash = { message, object, found: [...known.found, ...verdict.found] };
  return known.clash;
}
