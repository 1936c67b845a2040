// What the providers declare → DynamicConfig. Pure: all that can be wrong becomes a diagnostic, drops the faulty object
// only, and stays visible with its reason. What did not change keeps its identity and costs one look-up.

import { sameValue } from '../../lib/same-value.ts';
import { diffTables } from '../../lib/sorted-table.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import {
  type DynamicConfig,
  emptyDynamicConfig,
  type Middleware,
  type Service,
} from '../../model/dynamic-config.ts';
import type { PemReader } from '../../model/pem-reader.ts';
import type { ProviderConfig } from '../../model/provider-config.ts';
import { createMiddlewareCheck, type MiddlewareCheck } from './check-middleware.ts';
import { patchTable } from './patch-table.ts';
import { unreadPems } from './read-client-tls.ts';
import { createSuggest, type Lookup, lookupIn } from './reference-table.ts';
import { lookedUpBy, resolveMiddleware, serviceKey } from './resolve-middleware.ts';
import type { KnownEntryPoint } from './resolve-router.ts';
import { createRoutersResolver, httpRouters, tcpRouters, udpRouters } from './resolve-routers.ts';
import { middlewareKey, referencesOf, resolveService } from './resolve-service.ts';
import { createTableResolver, type ResolvedTable } from './resolve-table.ts';
import { resolveTcpMiddleware, resolveTcpService } from './resolve-tcp.ts';
import { resolveUdpService } from './resolve-udp.ts';
import { createRuleMemo, type RuleMemo } from './rule-memo.ts';

/** Everything that a configuration is made from. */
export type ResolveInput = {
  /** In the order in which they stand in the list of diagnostics. */
  readonly providers: readonly ProviderConfig[];
  /** Those of the data plane. */
  readonly entryPoints: readonly KnownEntryPoint[];
  /** Names of those for UDP; none if absent. */
  readonly udpEntryPoints?: readonly string[];
  /** Whose routers come first between equal priorities; Traefik's order if absent. It never changes. */
  readonly precedence?: readonly string[] | undefined;
  /** Language of the rules of routers that name none. */
  readonly defaultRuleSyntax: 'v3' | 'v2';
  /** Unchanged objects of it keep their identity; the new version is one higher. */
  readonly previous: DynamicConfig;
};

/** Resolves once, without a memory: objects of `previous` that are equal keep their identity all the same. */
export function resolve(input: ResolveInput): DynamicConfig {
  const { previous } = input;
  const config = createResolver()({
    ...input,
    previous: { ...emptyDynamicConfig, version: previous.version },
  });
  return nextVersion(previous, {
    routers: keepKnown(previous.routers, config.routers),
    services: keepKnown(previous.services, config.services),
    middlewares: keepKnown(previous.middlewares, config.middlewares),
    tcpRouters: keepKnown(previous.tcpRouters, config.tcpRouters),
    tcpServices: keepKnown(previous.tcpServices, config.tcpServices),
    tcpMiddlewares: keepKnown(previous.tcpMiddlewares, config.tcpMiddlewares),
    udpRouters: keepKnown(previous.udpRouters, config.udpRouters),
    udpServices: keepKnown(previous.udpServices, config.udpServices),
    diagnostics: config.diagnostics,
  });
}

function keepKnown<T extends { readonly name: string }>(
  previous: ReadonlyMap<string, T>,
  next: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const { set, removed } = diffTables(previous, next);
  return patchTable(
    previous,
    set.map(([, object]) => object),
    removed,
  );
}

/**
 * A `resolve` that remembers what it has been given, so that a call costs what changed since the last one. It returns
 * `previous` itself when nothing changed, except that the first configuration is always version 1. `previous` must be
 * its own last result (at first the empty configuration), and start-up settings must not change between calls. What
 * `checkRule` and `checkMiddleware` have seen before costs nothing.
 */
export function createResolver(
  checkRule: RuleMemo = createRuleMemo(),
  checkMiddleware: MiddlewareCheck = createMiddlewareCheck(),
  pems: PemReader = unreadPems,
): (input: ResolveInput) => DynamicConfig {
  /** One for each run. */
  let suggest = createSuggest();
  let knownServices: Lookup = lookupIn(emptyDynamicConfig.services);
  /** As they are by themselves: `errors` refers to services, and services to middlewares. */
  let ownMiddlewares: ResolvedTable<Middleware> = {
    table: emptyDynamicConfig.middlewares,
    diagnostics: [],
    affected: new Set(),
  };
  const middlewaresWith = (services: (onMiss: () => void) => Lookup) =>
    createTableResolver({
      declared: ({ middlewares }) => middlewares,
      resolve: (provider, declared, lookup: Lookup<Middleware>, noteLost) =>
        resolveMiddleware(provider, declared, {
          ...{ check: checkMiddleware, lookup, suggest, pems },
          services: services(noteLost),
        }),
      refersTo: lookedUpBy,
    });
  const resolveOwnMiddlewares = middlewaresWith(() => anyService);
  const resolveMiddlewares = middlewaresWith((onMiss) => noting(knownServices, onMiss));
  const resolveServices = createTableResolver({
    declared: ({ services }) => services,
    resolve: (provider, declared, lookup: Lookup<Service>, noteLost) =>
      resolveService(provider, declared, {
        ...{ lookup, suggest },
        middlewares: noting(lookupIn(ownMiddlewares.table), noteLost),
      }),
    refersTo: referencesOf,
  });
  const resolveTcpServices = createTableResolver({
    declared: ({ tcpServices }) => tcpServices,
    resolve: resolveTcpService,
  });
  const resolveTcpMiddlewares = createTableResolver({
    declared: ({ tcpMiddlewares }) => tcpMiddlewares,
    resolve: resolveTcpMiddleware,
  });
  const resolveUdpServices = createTableResolver({
    declared: ({ udpServices }) => udpServices,
    resolve: resolveUdpService,
  });
  const resolveRouters = createRoutersResolver(checkRule, httpRouters);
  const resolveTcpRouters = createRoutersResolver(checkRule, tcpRouters);
  const resolveUdpRouters = createRoutersResolver(checkRule, udpRouters);

  return ({ providers, entryPoints, udpEntryPoints = [], defaultRuleSyntax, precedence, previous }) => {
    suggest = createSuggest();
    ownMiddlewares = resolveOwnMiddlewares(providers, ownMiddlewares.table);
    const services = resolveServices(providers, previous.services, undefined, [
      ...ownMiddlewares.affected.values().map(middlewareKey),
    ]);
    knownServices = lookupIn(services.table);
    const middlewares = resolveMiddlewares(providers, previous.middlewares, undefined, [
      ...services.affected.values().map(serviceKey),
    ]);
    const tcpServices = resolveTcpServices(providers, previous.tcpServices);
    const tcpMiddlewares = resolveTcpMiddlewares(providers, previous.tcpMiddlewares);
    const udpServices = resolveUdpServices(providers, previous.udpServices);
    const tables = { services: services.table, middlewares: middlewares.table };
    const routers = resolveRouters({
      providers,
      context: {
        entryPoints,
        otherEntryPoints: udpEntryPoints,
        defaultRuleSyntax,
        precedence,
        tables,
        suggest,
      },
      affected: { services: services.affected, middlewares: middlewares.affected },
      previous: previous.routers,
    });
    const tcp = resolveTcpRouters({
      providers,
      context: {
        entryPoints,
        otherEntryPoints: udpEntryPoints,
        defaultRuleSyntax,
        precedence,
        tables: { services: tcpServices.table, middlewares: tcpMiddlewares.table },
        suggest,
      },
      affected: { services: tcpServices.affected, middlewares: tcpMiddlewares.affected },
      previous: previous.tcpRouters,
    });
    const udp = resolveUdpRouters({
      providers,
      context: {
        entryPoints: udpEntryPoints.map((name) => ({ name, asDefault: false })),
        otherEntryPoints: entryPoints.map(({ name }) => name),
        defaultRuleSyntax,
        precedence,
        tables: { services: udpServices.table, middlewares: new Map() },
        suggest,
      },
      affected: { services: udpServices.affected, middlewares: new Set() },
      previous: previous.udpRouters,
    });
    const diagnostics = [
      ...providers.flatMap((provider) => provider.diagnostics),
      ...services.diagnostics,
      ...middlewares.diagnostics,
      ...routers.diagnostics,
      ...tcpServices.diagnostics,
      ...tcpMiddlewares.diagnostics,
      ...tcp.diagnostics,
      ...udpServices.diagnostics,
      ...udp.diagnostics,
    ];
    return nextVersion(previous, {
      ...tables,
      routers: routers.table,
      tcpServices: tcpServices.table,
      tcpMiddlewares: tcpMiddlewares.table,
      tcpRouters: tcp.table,
      udpServices: udpServices.table,
      udpRouters: udp.table,
      diagnostics,
    });
  };
}

/** Every service is there, and can be used. */
const anyService: Lookup = {
  find: (name) => ({ name, status: 'enabled', errors: [] }),
  names: () => [],
};

/** The same, that tells when nothing is found. */
function noting(lookup: Lookup, onMiss: () => void): Lookup {
  return {
    find(name) {
      const found = lookup.find(name);
      if (found === undefined) onMiss();
      return found;
    },
    names: lookup.names,
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
    parts.tcpRouters === previous.tcpRouters &&
    parts.tcpServices === previous.tcpServices &&
    parts.tcpMiddlewares === previous.tcpMiddlewares &&
    parts.udpRouters === previous.udpRouters &&
    parts.udpServices === previous.udpServices &&
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
