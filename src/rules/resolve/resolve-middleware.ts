// One declared middleware → a middleware under its qualified name.
import type { Middleware } from '../../model/dynamic-config.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type { Declared } from '../../model/provider-config.ts';
import type { Resolution } from './resolve-service.ts';
import { openVerdict } from './verdict.ts';

/** Resolves a middleware of `provider`. It depends on nothing but its declaration. */
export function resolveMiddleware(
  provider: string,
  declared: Declared<MiddlewareOptions>,
): Resolution<Middleware> {
  const verdict = openVerdict('middleware', provider, declared);
  const object: Middleware = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    ...declared.options,
  });
  return { object, found: verdict.found };
}
