// A middleware as the API shows it, without its secrets. Pure.
import type { Middleware } from '../../../model/dynamic-config.ts';
import { middlewareSchemas } from '../../../model/middlewares/catalog.ts';
import type { MiddlewareView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import { redact } from '../redact.ts';
import type { ConfigIndex } from './config-index.ts';

/** Options that the schema calls secret are hidden. */
export function toMiddlewareView(middleware: Middleware, index: ConfigIndex): MiddlewareView {
  return {
    name: middleware.name,
    provider: middleware.provider,
    type: typeOf(middleware),
    status: middleware.status,
    ...(middleware.errors.length === 0 ? {} : { error: middleware.errors }),
    usedBy: index.routersOfMiddleware(middleware.name),
    origins: middleware.origins,
    diagnostics: index.diagnosticsOf('middleware', middleware.name),
    [middleware.kind]: redact(middlewareSchemas[middleware.kind], middleware.options),
  };
}

/** Traefik shows the kind in lower case here. */
const typeOf = (middleware: Middleware): string => middleware.kind.toLowerCase();

/** How lists of middlewares are searched and ordered. */
export const middlewareListRules: ListRules<Middleware> = {
  name: (middleware) => middleware.name,
  status: (middleware) => middleware.status,
  searchIn: (middleware) => [middleware.name],
  sortKeys: new Map([
    ['type', typeOf],
    ['provider', (middleware: Middleware) => middleware.provider],
    ['status', (middleware: Middleware) => middleware.status],
  ]),
};
