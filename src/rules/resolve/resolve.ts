// What the providers declare → DynamicConfig. Pure: all that can be wrong becomes a diagnostic, drops the faulty object
// only, and stays visible with its reason. What did not change keeps its identity and costs one look-up.

import { createOrderedMemo } from '../../lib/ordered-memo.ts';
import { sameValue } from '../../lib/same-value.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { DynamicConfig, Middleware, Service } from '../../model/dynamic-config.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type { Declared, DeclaredService, ProviderConfig } from '../../model/provider-config.ts';
import { keepTable, refersAlike } from './keep-table.ts';
import { createSuggest } from './reference-table.ts';
import { resolveMiddleware } from './resolve-middleware.ts';
import type { KnownEntryPoint } from './resolve-router.ts';
import { createRoutersResolver } from './resolve-routers.ts';
import { type Resolution, resolveService } from './resolve-service.ts';

export type ResolveInput = {
  /** In the order in which they stand in the list of diagnostics. */
  readonly providers: readonly ProviderConfig[];
  /** Those of the data plane. */
  readonly entryPoints: readonly KnownEntryPoint[];
  /** Language of the rules of routers that name none. */
  readonly defaultRuleSyntax: 'v3' | 'v2';
  /** Unchanged objects of it keep their identity; the new version is one higher. */
  readonly previous: DynamicConfig;
};

/** Resolves once, without a memory. */
export function resolve(input: ResolveInput): DynamicConfig {
  return createResolver()(input);
}

/**
 * A `resolve` that remembers the result for each declaration, by identity. It returns `previous` itself when nothing
 * changed, except that the first configuration is always version 1. Start-up settings must not change between calls.
 */
export function createResolver(): (input: ResolveInput) => DynamicConfig {
  const knownServices = createOrderedMemo<DeclaredService, Resolution<Service>>();
  const knownMiddlewares = createOrderedMemo<Declared<MiddlewareOptions>, Resolution<Middleware>>();
  // Neither depends on anything but its declaration.
  const holds = () => true;
  const resolveRouters = createRoutersResolver();

  return ({ providers, entryPoints, defaultRuleSyntax, previous }) => {
    const diagnostics: Diagnostic[] = providers.flatMap((provider) => provider.diagnostics);
    const report = (declared: Declared<unknown>, found: readonly Diagnostic[]): void => {
      if (declared.faults.length > 0) diagnostics.push(...declared.faults);
      if (found.length > 0) diagnostics.push(...found);
    };

    knownServices.begin();
    knownMiddlewares.begin();
    const serviceObjects: Service[] = [];
    const middlewareObjects: Middleware[] = [];
    for (const { provider, services, middlewares } of providers) {
      for (const declared of services.values()) {
        const resolveOne = () => resolveService(provider, declared);
        const { object, found } = knownServices.get(declared, holds, resolveOne);
        serviceObjects.push(object);
        report(declared, found);
      }
      for (const declared of middlewares.values()) {
        const resolveOne = () => resolveMiddleware(provider, declared);
        const { object, found } = knownMiddlewares.get(declared, holds, resolveOne);
        middlewareObjects.push(object);
        report(declared, found);
      }
    }
    const tables = {
      services: keepTable(previous.services, serviceObjects),
      middlewares: keepTable(previous.middlewares, middlewareObjects),
    };
    const referencesHold =
      refersAlike(previous.services, tables.services) &&
      refersAlike(previous.middlewares, tables.middlewares);
    const routerObjects = resolveRouters(
      providers,
      { entryPoints, defaultRuleSyntax, tables, suggest: createSuggest() },
      { referencesHold, report },
    );
    const routers = keepTable(previous.routers, routerObjects);
    return nextVersion(previous, { ...tables, routers, diagnostics });
  };
}

function nextVersion(previous: DynamicConfig, parts: Omit<DynamicConfig, 'version'>): DynamicConfig {
  const diagnostics = sameDiagnostics(previous.diagnostics, parts.diagnostics)
    ? previous.diagnostics
    : Object.freeze(parts.diagnostics);
  const unchanged =
    previous.version > 0 &&
    parts.routers === previous.routers &&
    parts.services === previous.services &&
    parts.middlewares === previous.middlewares &&
    diagnostics === previous.diagnostics;
  if (unchanged) return previous;
  return Object.freeze({ version: previous.version + 1, ...parts, diagnostics });
}

function sameDiagnostics(previous: readonly Diagnostic[], next: readonly Diagnostic[]): boolean {
  return (
    previous.length === next.length &&
    next.every((one, at) => one === previous[at] || sameValue(one, previous[at]))
  );
}
