// One declared middleware → a middleware under its qualified name.
import type { Middleware } from '../../model/dynamic-config.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type { PemReader } from '../../model/pem-reader.ts';
import type { Declared } from '../../model/provider-config.ts';
import { resolveErrorService } from './check-errors.ts';
import type { MiddlewareCheck } from './check-middleware.ts';
import { qualifyName, qualifyNames } from './qualify-name.ts';
import { readClientTls } from './read-client-tls.ts';
import type { Lookup, Suggest } from './reference-table.ts';
import { resolveChain } from './resolve-chain.ts';
import type { Resolution } from './resolve-service.ts';
import { openVerdict } from './verdict.ts';

/** What a middleware is judged by. */
export type MiddlewareContext = {
  readonly check: MiddlewareCheck;
  readonly lookup: Lookup<Middleware>;
  readonly suggest: Suggest;
  readonly pems: PemReader;
  readonly services: Lookup;
};

/** Resolves a middleware of `provider`. Chains look up others, errors a service. */
export function resolveMiddleware(
  provider: string,
  declared: Declared<MiddlewareOptions>,
  { check, lookup, suggest, pems, services }: MiddlewareContext,
): Resolution<Middleware> {
  const verdict = openVerdict('middleware', provider, declared);
  let { options } = declared;
  // One that decoded badly may lack what the checks look at.
  if (verdict.status() !== 'disabled') {
    for (const finding of check(options)) verdict.add(finding);
    if (options.kind === 'chain') {
      options = { kind: 'chain', options: resolveChain(provider, options.options, lookup, suggest, verdict) };
    } else if (options.kind === 'forwardAuth' && options.options.tls !== undefined) {
      const tls = readClientTls('forwardAuth.tls', options.options.tls, pems, verdict);
      options = { kind: 'forwardAuth', options: { ...options.options, tls } };
    } else if (options.kind === 'errors') {
      const resolved = resolveErrorService(provider, options.options, services, suggest, verdict);
      options = { kind: 'errors', options: resolved };
    }
  }
  const object: Middleware = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    ...options,
  });
  return { object, found: verdict.found };
}

/** What it looks up: qualified names of middlewares, and services by their `serviceKey`. */
export function lookedUpBy(
  provider: string,
  { options, faults }: Declared<MiddlewareOptions>,
): readonly string[] {
  if (faults.some(({ severity }) => severity === 'error')) return [];
  if (options.kind === 'errors') return [serviceKey(qualifyName(options.options.service, provider))];
  return options.kind === 'chain' ? qualifyNames(options.options.middlewares, provider) : [];
}

/** A service among the references of middlewares. No name of a middleware has a space in front. */
export function serviceKey(name: string): string {
  return ` ${name}`;
}
