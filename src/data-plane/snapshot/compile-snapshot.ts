// DynamicConfig → Snapshot. Incremental: what kept its identity in the configuration keeps its compiled twin, so that a
// change among thousands of routers costs what changed and what refers to it.
import { createReferenceIndex } from '../../lib/reference-index.ts';
import { diffTables } from '../../lib/sorted-table.ts';
import {
  type DynamicConfig,
  emptyDynamicConfig,
  type Middleware,
  type Router,
} from '../../model/dynamic-config.ts';
import type { EncodedCharactersOptions } from '../../model/encoded-characters.ts';
import { withoutChains } from '../../model/middleware-chain.ts';
import type { EntryPoint } from '../../model/startup.ts';
import type { EntryPointSnapshot, Snapshot } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import type { PoolUser } from '../live-state/shared-upstreams.ts';
import type { HeadMiddleware } from '../middlewares/exchange.ts';
import { compileInternalStep } from './compile-internal.ts';
import {
  compileOrRefuse,
  compileRouter,
  type RouterParts,
  refuse,
  type SnapshotIo,
} from './compile-router.ts';
import { createTcpCompiler, type TcpTables } from './compile-tcp.ts';
import { createUdpCompiler } from './compile-udp.ts';
import { createRouterTableCompiler, type RouterChanges, type RouterEntry } from './router-table.ts';
import { createServiceTable } from './service-table.ts';

/** Gives the snapshot of a configuration, after the live state has followed it. */
export type SnapshotCompiler = (config: DynamicConfig) => Snapshot;

/** Makes a compiler that remembers its last result. */
export function createSnapshotCompiler(
  entryPoints: readonly EntryPoint[],
  live: Pick<LiveState, 'service' | 'composite' | 'createPoolUser'>,
  io: SnapshotIo,
): SnapshotCompiler {
  const services = createServiceTable(live);
  const middlewares = new Map<string, HeadMiddleware>();
  const pools = new Map<string, PoolUser>();
  const toServices = createReferenceIndex();
  const toMiddlewares = createReferenceIndex();
  /** Of each router one for all of its entry points, or several where they do not run the same middlewares. */
  const entries = new Map<string, readonly RouterEntry[]>();
  const compileTables = createTablesCompiler(entryPoints, services.get);
  const compileTcp = createTcpCompiler(entryPoints, live, io);
  const compileUdp = createUdpCompiler(live);
  let last: DynamicConfig = emptyDynamicConfig;

  /** Names of the middlewares that are others now. */
  function followMiddlewares(config: DynamicConfig): readonly string[] {
    const { set, removed } = diffTables(last.middlewares, config.middlewares);
    for (const [name, source] of set) compileNamed(name, source);
    for (const name of removed) {
      middlewares.delete(name);
      pools.get(name)?.releaseAll();
      pools.delete(name);
    }
    return [...set.map(([name]) => name), ...removed];
  }

  /** Connections that it goes on to use stay open: the old ones are given back last. */
  function compileNamed(name: string, source: Middleware): void {
    const before = pools.get(name);
    const pool = live.createPoolUser();
    pools.set(name, pool);
    middlewares.set(name, compileOrRefuse(source, { ...io, openUpstream: pool.acquire }));
    before?.releaseAll();
  }

  /** A name that leads nowhere refuses everything. */
  function handlerOf(name: string): HeadMiddleware {
    return middlewares.get(name) ?? refuse;
  }

  /** What is asked when the path is judged, and what runs on the way. */
  function partsOf(names: readonly string[], config: DynamicConfig): RouterParts {
    const handlers: HeadMiddleware[] = [];
    const encodedCharacters: EncodedCharactersOptions[] = [];
    for (const name of names) {
      const middleware = config.middlewares.get(name);
      if (middleware?.kind === 'encodedCharacters' && middleware.status !== 'disabled')
        encodedCharacters.push(middleware.options);
      else handlers.push(handlerOf(name));
    }
    return { handlers, encodedCharacters };
  }

  /** Names of the routers to be compiled: new or changed ones, and those that refer to what has changed. */
  function staleRouters(
    config: DynamicConfig,
    changed: readonly (readonly [string, unknown])[],
  ): Set<string> {
    const stale = new Set(changed.map(([name]) => name));
    for (const name of followMiddlewares(config)) {
      for (const router of toMiddlewares.referrers(name)) stale.add(router);
    }
    for (const name of services.follow(config.services)) {
      for (const router of toServices.referrers(name)) stale.add(router);
    }
    return stale;
  }

  return (config) => {
    const { set, removed } = diffTables(last.routers, config.routers);
    const changes: { removed: RouterEntry[]; added: RouterEntry[] } = { removed: [], added: [] };
    for (const name of new Set(removed).union(staleRouters(config, set))) {
      changes.removed.push(...(entries.get(name) ?? []));
      const source = config.routers.get(name);
      const variants = source === undefined ? [] : variantsOf(source);
      const ofService = config.services.get(source?.service ?? '')?.middlewares ?? [];
      const named = [...variants.flatMap(({ middlewares }) => middlewares), ...ofService];
      toServices.set(name, source === undefined ? [] : [source.service]);
      toMiddlewares.set(name, [...named, ...withoutChains(named, config)]);
      if (source === undefined) {
        entries.delete(name);
        continue;
      }
      const finalStep = compileInternalStep(source.service, io.internalKey) ?? [];
      const made = variants.flatMap((variant) => {
        const parts = partsOf(withoutChains([...variant.middlewares, ...ofService], config), config);
        const handlers = parts.handlers.concat(finalStep);
        return compileRouter(variant, { ...parts, handlers }, services.get(source.service), io) ?? [];
      });
      entries.set(name, made);
      changes.added.push(...made);
    }
    last = config;
    const tcp = compileTcp(config, changes, () => [...entries.values()].flat());
    return {
      version: config.version,
      entryPoints: compileTables(changes, tcp),
      udpRouters: compileUdp(config),
    };
  };
}

/** One router for each list of middlewares. */
function variantsOf(router: Router): readonly Router[] {
  const { middlewaresByEntryPoint } = router;
  if (middlewaresByEntryPoint === undefined) return [router];
  return Object.entries(middlewaresByEntryPoint).map(([entryPoint, middlewares]) => ({
    ...router,
    entryPoints: [entryPoint],
    middlewares,
  }));
}

/** Gives the same tables as long as nothing changes. */
function createTablesCompiler(
  entryPoints: readonly EntryPoint[],
  service: EntryPointSnapshot['service'],
): (changes: RouterChanges, tcp: TcpTables) => ReadonlyMap<string, EntryPointSnapshot> {
  const compilers = entryPoints.map((entryPoint) => ({
    entryPoint,
    compilePlain: createRouterTableCompiler(),
    compileTls: createRouterTableCompiler(),
  }));
  let tables: ReadonlyMap<string, EntryPointSnapshot> = new Map();
  let lastTcp: TcpTables | undefined;
  return ({ removed, added }, tcp) => {
    if (tables.size > 0 && removed.length + added.length === 0 && tcp === lastTcp) return tables;
    lastTcp = tcp;
    tables = new Map(
      compilers.map(({ entryPoint, compilePlain, compileTls }) => {
        const changesOf = (isTls: boolean): RouterChanges => {
          const isOurs = (entry: RouterEntry) =>
            entry.entryPoints.includes(entryPoint.name) &&
            entry.tlsEntryPoints.includes(entryPoint.name) === isTls;
          return { removed: removed.filter(isOurs), added: added.filter(isOurs) };
        };
        const routers = compilePlain(changesOf(false));
        const tlsRouters = compileTls(changesOf(true));
        return [entryPoint.name, { entryPoint, routers, tlsRouters, service, tcp: tcp.get(entryPoint.name) }];
      }),
    );
    return tables;
  };
}
