// All routers of all providers. A router is resolved anew only when its declaration, or something that it refers to, has
// changed; clashes between routers are found over all of them.
import { createReferenceIndex } from '../../lib/reference-index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Router } from '../../model/dynamic-config.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import { createClashIndex } from './clash-index.ts';
import { createDeclaredTables } from './declared-tables.ts';
import { createFaultBook } from './fault-book.ts';
import { patchTable } from './patch-table.ts';
import type { ReferenceTables } from './reference-table.ts';
import { createRegexpBudget } from './regexp-budget.ts';
import { type RouterContext, resolveRouter } from './resolve-router.ts';
import type { Resolution } from './resolve-service.ts';
import type { RuleMemo } from './rule-memo.ts';
import { openVerdict } from './verdict.ts';

type KnownRouter = {
  readonly provider: string;
  readonly declared: Declared<RouterOptions>;
  /** Without the warning of a clash. */
  readonly router: Router;
  readonly found: readonly Diagnostic[];
};

/** What has to be known for a run. */
export type RoutersInput = {
  readonly providers: readonly ProviderConfig[];
  readonly context: Omit<RouterContext, 'checkRule'>;
  /** Services and middlewares to which a reference means something else than before. */
  readonly affected: { readonly services: ReadonlySet<string>; readonly middlewares: ReadonlySet<string> };
  /** The table that the last call gave. */
  readonly previous: ReadonlyMap<string, Router>;
};

/** Resolves what has changed since the last call. */
export function createRoutersResolver(checkRule: RuleMemo): (input: RoutersInput) => {
  readonly table: ReadonlyMap<string, Router>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const declaredTables = createDeclaredTables(({ routers }) => routers);
  const known = new Map<string, KnownRouter>();
  const toServices = createReferenceIndex();
  const toMiddlewares = createReferenceIndex();
  /** Routers of which a reference leads nowhere: it may have a better suggestion with each change. */
  const lost = new Set<string>();
  const budget = createRegexpBudget();
  const clashes = createClashIndex();
  const faults = createFaultBook();

  return ({ providers, context, affected, previous }) => {
    const { set, removed } = declaredTables.advance(providers);
    for (const name of removed) {
      known.delete(name);
      toServices.set(name, []);
      toMiddlewares.set(name, []);
      lost.delete(name);
      budget.remove(name);
      clashes.remove(name);
      faults.delete(name);
    }
    const changed = new Set<string>();
    const workOf = ({ rule, ruleSyntax, status }: Router): number =>
      status === 'disabled' ? 0 : checkRule(rule, ruleSyntax).work;
    const renew = (provider: string, declared: Declared<RouterOptions>): void => {
      const { object, found } = resolveRouter(provider, declared, { ...context, checkRule });
      known.set(object.name, { provider, declared, router: object, found });
      toServices.set(object.name, [object.service]);
      toMiddlewares.set(object.name, object.middlewares);
      if (refersToNothing(object, context.tables)) lost.add(object.name);
      else lost.delete(object.name);
      budget.put(object.name, containerOf(declared), workOf(object));
      changed.add(object.name);
    };
    for (const { provider, declared } of set) renew(provider, declared);
    if (affected.services.size + affected.middlewares.size > 0) {
      const stale = new Set(lost);
      for (const name of affected.services) for (const from of toServices.referrers(name)) stale.add(from);
      for (const name of affected.middlewares)
        for (const from of toMiddlewares.referrers(name)) stale.add(from);
      for (const name of stale.difference(changed)) {
        const router = known.get(name);
        if (router !== undefined) renew(router.provider, router.declared);
      }
    }
    const judged = (name: string): KnownRouter | undefined => {
      const router = known.get(name);
      return router !== undefined && budget.exceeds(name) ? beyondBudget(router) : router;
    };
    for (const name of budget.settle().union(changed)) {
      const router = judged(name);
      if (router !== undefined) clashes.put(router.router);
      changed.add(name);
    }
    const objects: Router[] = [];
    for (const name of clashes.takeTouched().union(changed)) {
      const router = judged(name);
      if (router === undefined) continue;
      const warning = clashes.warningOf(name);
      const { object, found } = warning === undefined ? plain(router) : withClash(router, warning);
      faults.set(name, router.declared.faults, found);
      objects.push(object);
    }
    return { table: patchTable(previous, objects, removed), diagnostics: faults.all() };
  };
}

function refersToNothing({ status, service, middlewares }: Router, tables: ReferenceTables): boolean {
  if (status !== 'disabled') return false;
  return !tables.services.has(service) || middlewares.some((name) => !tables.middlewares.has(name));
}

/** Only labels name a container that may be somebody else's; what stands in a file is the operator's own. */
function containerOf({ labels, origins }: Declared<unknown>): string | undefined {
  return labels === undefined ? undefined : origins[0];
}

function beyondBudget(known: KnownRouter): KnownRouter {
  const { provider, declared, router } = known;
  const verdict = openVerdict('router', provider, declared);
  const message = `The regular expressions in the rules of the container ${declared.origins[0] ?? ''} are too large, all of them together, and this router is one too many.`;
  verdict.add({
    severity: 'error',
    code: 'bad-value',
    message,
    hint: 'Use fewer and simpler regular expressions, or declare some of the routers at other containers.',
    option: { key: 'rule', value: router.rule },
  });
  const errors = [...router.errors, message];
  return {
    ...known,
    router: Object.freeze({ ...router, status: 'disabled', errors }),
    found: [...known.found, ...verdict.found],
  };
}

function plain({ router, found }: KnownRouter): Resolution<Router> {
  return { object: router, found };
}

function withClash({ provider, declared, router, found }: KnownRouter, message: string): Resolution<Router> {
  const verdict = openVerdict('router', provider, declared);
  verdict.add({
    severity: 'warning',
    code: 'name-conflict',
    message,
    hint: 'Make the rules differ, or give one of the routers a priority.',
    option: { key: 'rule', value: router.rule },
  });
  const object: Router = Object.freeze({
    ...router,
    status: 'warning',
    errors: [...router.errors, message],
  });
  return { object, found: [...found, ...verdict.found] };
}
