// One declared middleware → a middleware under its qualified name.
import type { Middleware } from '../../model/dynamic-config.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type { Declared } from '../../model/provider-config.ts';
import type { MiddlewareCheck } from './check-middleware.ts';
import type { Resolution } from './resolve-service.ts';
import { openVerdict } from './verdict.ts';

/** Resolves a middleware of `provider`. It depends on nothing but its declaration. */
export function resolveMiddleware(
  provider: string,
  declared: Declared<MiddlewareOptions>,
  check: MiddlewareCheck,
): Resolution<Middleware> {
  const verdict = openVerdict('middleware', provider, declared);
  // One that decoded badly may lack what the checks look at.
  if (verdict.status() !== 'disabled') for (const finding of check(declared.options)) verdict.add(finding);
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
