// A middleware as the API shows it, without its secrets. Pure.
import type { TSchema } from 'typebox';
import type { Middleware, TcpMiddleware } from '../../../model/dynamic-config.ts';
import { middlewareSchemas } from '../../../model/middlewares/catalog.ts';
import { tcpName } from '../../../model/tcp.ts';
import { tcpMiddlewareSchemas } from '../../../model/tcp-middlewares.ts';
import type { MiddlewareView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import { redact } from '../redact.ts';
import type { ConfigIndex } from './config-index.ts';
import { objectParts } from './object-parts.ts';

/** Options that the schema calls secret are hidden. */
export function toMiddlewareView(middleware: Middleware, index: ConfigIndex): MiddlewareView {
  return toView(
    middleware,
    index.routersOfMiddleware(middleware.name),
    index.diagnosticsOf('middleware', middleware.name),
    middlewareSchemas[middleware.kind],
  );
}

/** The same for TCP. */
export function toTcpMiddlewareView(middleware: TcpMiddleware, index: ConfigIndex): MiddlewareView {
  return toView(
    middleware,
    index.routersOfTcpMiddleware(middleware.name),
    index.diagnosticsOf('middleware', tcpName(middleware.name)),
    tcpMiddlewareSchemas[middleware.kind],
  );
}

function toView(
  middleware: Middleware | TcpMiddleware,
  usedBy: MiddlewareView['usedBy'],
  diagnostics: MiddlewareView['diagnostics'],
  schema: TSchema,
): MiddlewareView {
  return {
    ...objectParts(middleware, diagnostics),
    type: typeOf(middleware),
    usedBy,
    [middleware.kind]: redact(schema, middleware.options),
  };
}

type Listed = Pick<Middleware, 'name' | 'provider' | 'status'> & { readonly kind: string };

/** Traefik shows the kind in lower case here. */
const typeOf = (middleware: Listed): string => middleware.kind.toLowerCase();

/** How lists of middlewares are searched and ordered, those of HTTP and those of TCP. */
export const middlewareListRules: ListRules<Listed> = {
  name: (middleware) => middleware.name,
  status: (middleware) => middleware.status,
  searchIn: (middleware) => [middleware.name],
  sortKeys: new Map([
    ['type', typeOf],
    ['provider', (middleware: Listed) => middleware.provider],
    ['status', (middleware: Listed) => middleware.status],
  ]),
};
