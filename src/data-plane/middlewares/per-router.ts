// Middlewares that keep something for each router by itself: they are compiled once, and made anew for each router's chain.
import type { HeadMiddleware } from './exchange.ts';

type RouterMiddleware = HeadMiddleware & { readonly forRouter: (router: string) => HeadMiddleware };

/** `make` gives the handler of a router, by its qualified name. */
export function perRouter(make: (router: string) => HeadMiddleware): HeadMiddleware {
  let withoutRouter: HeadMiddleware | undefined;
  const handler: HeadMiddleware = (exchange) => {
    withoutRouter ??= make('');
    return withoutRouter(exchange);
  };
  return Object.assign(handler, { forRouter: make });
}

/** The handler that stands in this router's chain. */
export function handlerFor(middleware: HeadMiddleware, router: string): HeadMiddleware {
  return 'forRouter' in middleware ? (middleware as RouterMiddleware).forRouter(router) : middleware;
}
