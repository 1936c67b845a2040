// A router as the API shows it. Pure.
import type { Router } from '../../../model/dynamic-config.ts';
import type { RouterView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import type { ConfigIndex } from './config-index.ts';
import { entryPointParts, objectParts, ruleParts } from './object-parts.ts';

/** A router of HTTP. */
export function toRouterView(router: Router, index: ConfigIndex): RouterView {
  return {
    ...objectParts(router, index.diagnosticsOf('router', router.name)),
    ...entryPointParts(router),
    ...ruleParts(router),
    service: router.service,
    ...(router.tls === undefined ? {} : { tls: router.tls }),
    ...(router.tlsEntryPoints === undefined ? {} : { tlsEntryPoints: router.tlsEntryPoints }),
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
