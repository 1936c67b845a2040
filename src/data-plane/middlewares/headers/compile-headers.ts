// headers: sets and removes fields, CORS, and security fields (Traefik pkg/middlewares/headers). Order as there: CORS
// preflight, custom request fields, then the checks of the security part.
import type { HeadersOptions } from '../../../model/middlewares/headers.ts';
import type { HeadMiddleware } from '../exchange.ts';
import { compileCors } from './compile-cors.ts';
import { compileHostGuard } from './compile-host-guard.ts';
import { compileSecurity } from './compile-security.ts';
import { changeRequest, compileFieldChanges, rewriteByChanges } from './field-changes.ts';

/** Sets and removes fields, answers preflights, adds security headers (Traefik v3.7 "Headers"). */
export function compileHeaders(options: HeadersOptions): HeadMiddleware {
  const cors = compileCors(options);
  const requestChanges = compileFieldChanges(options.customRequestHeaders);
  const responseChanges = compileFieldChanges(options.customResponseHeaders);
  const customResponse = responseChanges && rewriteByChanges(responseChanges);
  const security = compileSecurity(options);
  const guard = compileHostGuard(options);
  return (exchange) => {
    // Pushed in the order of the chain, run backwards: what is outermost has the last word.
    if (cors !== undefined) exchange.responseRewrites.push(cors.rewrite);
    if (customResponse !== undefined) exchange.responseRewrites.push(customResponse);
    if (security !== undefined) exchange.responseRewrites.push(security);
    const preflight = cors?.answerPreflight(exchange);
    if (preflight !== undefined) return preflight;
    if (requestChanges !== undefined) changeRequest(exchange, requestChanges);
    return guard?.(exchange);
  };
}
