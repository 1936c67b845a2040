// A router as the API shows it. Pure.
import type { Router } from '../../../model/dynamic-config.ts';
import type { RouterView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import type { ConfigIndex } from './config-index.ts';

/** A disabled router uses no entry point. */
export function toRouterView(router: Router, index: ConfigIndex): RouterView {
  return {
    name: router.name,
    provider: router.provider,
    status: router.status,
    entryPoints: router.entryPoints,
    ...(router.middlewares.length === 0 ? {} : { middlewares: router.middlewares }),
    service: router.service,
    rule: router.rule,
    ruleSyntax: router.ruleSyntax,
    priority: router.priority,
    priorityStr: String(router.priority),
    ...(router.tls === undefined ? {} : { tls: router.tls }),
    ...(router.tlsEntryPoints === undefined ? {} : { tlsEntryPoints: router.tlsEntryPoints }),
    ...(router.errors.length === 0 ? {} : { error: router.errors }),
    using: router.status === 'disabled' ? [] : router.entryPoints,
    origins: router.origins,
    diagnostics: index.diagnosticsOf('router', router.name),
  };
}

type Sortable = Pick<Router, 'provider' | 'priority' | 'status' | 'rule' | 'service' | 'entryPoints'>;

/** What routers of either protocol can be ordered by. */
export const sortKeysOfRouters: ReadonlyMap<string, (router: Sortable) => string | number> = new Map([
  ['provider', (router: Sortable) => router.provider],
  ['priority', (router: Sortable) => router.priority],
  ['status', (router: Sortable) => router.status],
  ['rule', (router: Sortable) => router.rule],
  ['service', (router: Sortable) => router.service],
  ['entryPoints', (router: Sortable) => router.entryPoints.length],
] as readonly [string, (router: Sortable) => string | number][]);

/** How lists of routers are searched and ordered. */
export const routerListRules: ListRules<Router> = {
  name: (router) => router.name,
  status: (router) => router.status,
  searchIn: (router) => [router.rule, router.name],
  sortKeys: sortKeysOfRouters,
  keep: (router, query) => {
    const service = query.get('serviceName') ?? '';
    const middleware = query.get('middlewareName') ?? '';
    return (
      (service === '' || router.service === service || unqualified(router.service) === service) &&
      (middleware === '' || router.middlewares.includes(middleware))
    );
  },
};

const unqualified = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('@')));
