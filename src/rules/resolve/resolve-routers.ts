// All routers of all providers. A router is resolved anew only when its declaration, or something that it refers to, has
// changed; clashes between routers are found over all of them.
import { createReferenceIndex } from '../../lib/reference-index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Router, TcpRouter, UdpRouter } from '../../model/dynamic-config.ts';
import type { Declared, ProviderConfig } from '../../model/provider-config.ts';
import type { RouterOptions } from '../../model/router.ts';
import { type TcpRouterOptions, tcpName } from '../../model/tcp.ts';
import { type UdpRouterOptions, udpName } from '../../model/udp.ts';
import { createClashIndex } from './clash-index.ts';
import { createDeclaredTables } from './declared-tables.ts';
import { createFaultBook } from './fault-book.ts';
import { patchTable } from './patch-table.ts';
import type { ReferenceTables } from './reference-table.ts';
import { createRegexpBudget } from './regexp-budget.ts';
import { type RouterContext, resolveRouter, withRank } from './resolve-router.ts';
import type { Resolution } from './resolve-service.ts';
import { resolveTcpRouter } from './resolve-tcp.ts';
import { resolveUdpRouter } from './resolve-udp.ts';
import type { RuleLanguage, RuleMemo } from './rule-memo.ts';
import { openVerdict } from './verdict.ts';

type AnyOptions = object;

/** What matters here of a router of any protocol; one of UDP has no rule and no middlewares. */
type AnyRouter = UdpRouter & Partial<Pick<Router | TcpRouter, 'rule' | 'middlewares'>>;

/** What is special about the routers of one protocol. */
export type RouterKind<O extends AnyOptions, R extends AnyRouter> = {
  readonly declared: (config: ProviderConfig) => ReadonlyMap<string, Declared<O>>;
  readonly resolve: (provider: string, declared: Declared<O>, context: RouterContext) => Resolution<R>;
  /** The language of its rule; undefined where it has none. */
  readonly languageOf: (router: R) => RuleLanguage | undefined;
  /** The name in diagnostics. */
  readonly shownAs: (name: string) => string;
};

/** Routers of HTTP. */
export const httpRouters: RouterKind<RouterOptions, Router> = {
  declared: ({ routers }) => routers,
  resolve: resolveRouter,
  languageOf: ({ ruleSyntax }) => ruleSyntax,
  shownAs: (name) => name,
};

/** Routers of TCP. */
export const tcpRouters: RouterKind<TcpRouterOptions, TcpRouter> = {
  declared: (config) => config.tcpRouters,
  resolve: resolveTcpRouter,
  languageOf: () => 'tcp',
  shownAs: tcpName,
};

/** Routers of UDP. */
export const udpRouters: RouterKind<UdpRouterOptions, UdpRouter> = {
  declared: (config) => config.udpRouters,
  resolve: resolveUdpRouter,
  languageOf: () => undefined,
  shownAs: udpName,
};

type KnownRouter<O, R> = {
  readonly provider: string;
  readonly declared: Declared<O>;
  /** Without the warning of a clash. */
  readonly router: R;
  readonly found: readonly Diagnostic[];
};

/** What has to be known for a run. */
export type RoutersInput<R> = {
  readonly providers: readonly ProviderConfig[];
  readonly context: Omit<RouterContext, 'checkRule'>;
  /** Services and middlewares to which a reference means something else than before. */
  readonly affected: { readonly services: ReadonlySet<string>; readonly middlewares: ReadonlySet<string> };
  /** The table that the last call gave. */
  readonly previous: ReadonlyMap<string, R>;
};

/** Resolves what has changed since the last call. */
export function createRoutersResolver<O extends AnyOptions, R extends AnyRouter>(
  checkRule: RuleMemo,
  kind: RouterKind<O, R>,
): (input: RoutersInput<R>) => {
  readonly table: ReadonlyMap<string, R>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const declaredTables = createDeclaredTables(kind.declared);
  const known = new Map<string, KnownRouter<O, R>>();
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
    const workOf = (router: R): number => {
      const language = router.status === 'disabled' ? undefined : kind.languageOf(router);
      return language === undefined ? 0 : checkRule(router.rule ?? '', language).work;
    };
    const renew = (provider: string, declared: Declared<O>): void => {
      const resolution = kind.resolve(provider, declared, { ...context, checkRule });
      const { found } = resolution;
      const object = withRank(resolution.object, context.precedence);
      known.set(object.name, { provider, declared, router: object, found });
      toServices.set(object.name, [object.service]);
      toMiddlewares.set(object.name, middlewaresOf(object));
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
    const judged = (name: string): KnownRouter<O, R> | undefined => {
      const router = known.get(name);
      return router !== undefined && budget.exceeds(name) ? beyondBudget(router, kind.shownAs) : router;
    };
    for (const name of budget.settle().union(changed)) {
      const router = judged(name);
      if (router !== undefined) clashes.put(router.router);
      changed.add(name);
    }
    const objects: R[] = [];
    for (const name of clashes.takeTouched().union(changed)) {
      const router = judged(name);
      if (router === undefined) continue;
      const warning = clashes.warningOf(name);
      const { object, found } =
        warning === undefined ? plain(router) : withClash(router, warning, kind.shownAs);
      faults.set(name, router.declared.faults, found);
      objects.push(object);
    }
    return { table: patchTable(previous, objects, removed), diagnostics: faults.all() };
  };
}

function refersToNothing(router: AnyRouter, tables: ReferenceTables): boolean {
  if (router.status !== 'disabled') return false;
  return (
    !tables.services.has(router.service) ||
    middlewaresOf(router).some((name) => !tables.middlewares.has(name))
  );
}

/** On any of its entry points. */
function middlewaresOf({
  middlewares = [],
  middlewaresByEntryPoint,
}: Partial<Pick<Router, 'middlewares' | 'middlewaresByEntryPoint'>>): readonly string[] {
  return middlewaresByEntryPoint === undefined ? middlewares : Object.values(middlewaresByEntryPoint).flat();
}

/** Only labels name a container that may be somebody else's; what stands in a file is the operator's own. */
function containerOf({ labels, origins }: Declared<unknown>): string | undefined {
  return labels === undefined ? undefined : origins[0];
}

function beyondBudget<O, R extends AnyRouter>(
  known: KnownRouter<O, R>,
  shownAs: (name: string) => string,
): KnownRouter<O, R> {
  const { provider, declared, router } = known;
  const verdict = openVerdict('router', provider, declared, shownAs);
  const message = `The regular expressions in the rules of the container ${declared.origins[0] ?? ''} are too large, all of them together, and this router is one too many.`;
  verdict.add({
    severity: 'error',
    code: 'bad-value',
    message,
    hint: 'Use fewer and simpler regular expressions, or declare some of the routers at other containers.',
    option: { key: 'rule', value: router.rule ?? '' },
  });
  const disabled: R = { ...router, status: 'disabled', errors: [...router.errors, message] };
  return {
    ...known,
    router: Object.freeze(disabled),
    found: [...known.found, ...verdict.found],
  };
}

function plain<O, R>({ router, found }: KnownRouter<O, R>): Resolution<R> {
  return { object: router, found };
}

function withClash<O, R extends AnyRouter>(
  { provider, declared, router, found }: KnownRouter<O, R>,
  message: string,
  shownAs: (name: string) => string,
): Resolution<R> {
  const verdict = openVerdict('router', provider, declared, shownAs);
  verdict.add({
    severity: 'warning',
    code: 'name-conflict',
    message,
    ...(router.rule === undefined
      ? { hint: 'Give each of them an entry point of its own.' }
      : {
          hint: 'Make the rules differ, or give one of the routers a priority.',
          option: { key: 'rule', value: router.rule },
        }),
  });
  const object: R = { ...router, status: 'warning', errors: [...router.errors, message] };
  return { object: Object.freeze(object), found: [...found, ...verdict.found] };
}
