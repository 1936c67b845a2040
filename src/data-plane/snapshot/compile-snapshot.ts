// DynamicConfig → Snapshot. Incremental: what kept its identity in the configuration keeps its compiled twin, so that a
// change among thousands of routers costs what changed and a flat look at the rest.
import type { DynamicConfig, Middleware, Router, Service } from '../../model/dynamic-config.ts';
import type { EntryPoint } from '../../model/startup.ts';
import type { CompiledService, EntryPointSnapshot, Snapshot } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import type { HeadMiddleware } from '../middlewares/exchange.ts';
import { compileOrRefuse, compileRouter, type SnapshotIo } from './compile-router.ts';
import { createServiceCompiler } from './compile-service.ts';
import { createRouterTableCompiler, type RouterEntry } from './router-table.ts';

/** Gives the snapshot of a configuration, after the live state has followed it. */
export type SnapshotCompiler = (config: DynamicConfig) => Snapshot;

type CompiledMiddleware = { readonly source: Middleware | undefined; readonly handler: HeadMiddleware };

/** What became of a router, and of what. */
type RouterMemo = {
  readonly source: Router;
  /** The service as configured, and as compiled: the latter outlives changes of the replicas. */
  serviceSource: Service | undefined;
  readonly service: CompiledService | undefined;
  readonly chain: readonly HeadMiddleware[];
  readonly entry: RouterEntry | undefined;
};

/** Makes a compiler that remembers its last result. */
export function createSnapshotCompiler(
  entryPoints: readonly EntryPoint[],
  live: Pick<LiveState, 'service'>,
  io: SnapshotIo,
): SnapshotCompiler {
  const compileService = createServiceCompiler(live);
  const tables = entryPoints.map((entryPoint) => ({
    entryPoint,
    compilePlain: createRouterTableCompiler(),
    compileTls: createRouterTableCompiler(),
  }));
  const memos = new Map<string, RouterMemo>();
  let middlewares = new Map<string, CompiledMiddleware>();
  let compiled: ReadonlyMap<string, EntryPointSnapshot> | undefined;

  function followMiddlewares(config: DynamicConfig): void {
    const next = new Map<string, CompiledMiddleware>();
    for (const [name, source] of config.middlewares) {
      const before = middlewares.get(name);
      next.set(name, before?.source === source ? before : { source, handler: compileOrRefuse(source, io) });
    }
    middlewares = next;
  }

  /** A name that leads nowhere refuses everything. */
  function handlerOf(name: string): HeadMiddleware {
    let known = middlewares.get(name);
    if (known === undefined) {
      known = { source: undefined, handler: compileOrRefuse(undefined, io) };
      middlewares.set(name, known);
    }
    return known.handler;
  }

  function hasSameChain(memo: RouterMemo): boolean {
    const names = memo.source.middlewares;
    for (let at = 0; at < names.length; at++) {
      if (memo.chain[at] !== handlerOf(names[at] ?? '')) return false;
    }
    return true;
  }

  /** Whether the memo still holds for this router; takes note of a service that changed in its replicas only. */
  function isCurrent(memo: RouterMemo, source: Router, config: DynamicConfig): boolean {
    if (memo.source !== source) return false;
    const service = config.services.get(source.service);
    if (memo.serviceSource !== service) {
      if (compileService(service) !== memo.service) return false;
      memo.serviceSource = service;
    }
    return hasSameChain(memo);
  }

  function compileNew(source: Router, config: DynamicConfig): RouterMemo {
    const serviceSource = config.services.get(source.service);
    const service = compileService(serviceSource);
    const chain = source.middlewares.map(handlerOf);
    return { source, serviceSource, service, chain, entry: compileRouter(source, chain, service, io) };
  }

  /** Whether any entry has changed. */
  function followRouters(config: DynamicConfig): boolean {
    let hasChanged = false;
    for (const [name, source] of config.routers) {
      const memo = memos.get(name);
      if (memo !== undefined && isCurrent(memo, source, config)) continue;
      memos.set(name, compileNew(source, config));
      hasChanged = true;
    }
    if (memos.size === config.routers.size) return hasChanged;
    for (const name of memos.keys()) if (!config.routers.has(name)) memos.delete(name);
    return true;
  }

  function compileTables(): ReadonlyMap<string, EntryPointSnapshot> {
    const next = new Map<string, EntryPointSnapshot>();
    for (const { entryPoint, compilePlain, compileTls } of tables) {
      const plain: RouterEntry[] = [];
      const tls: RouterEntry[] = [];
      for (const { entry } of memos.values()) {
        if (entry?.entryPoints.includes(entryPoint.name)) (entry.isTls ? tls : plain).push(entry);
      }
      next.set(entryPoint.name, { entryPoint, routers: compilePlain(plain), tlsRouters: compileTls(tls) });
    }
    return next;
  }

  return (config) => {
    followMiddlewares(config);
    if (followRouters(config) || compiled === undefined) compiled = compileTables();
    return { version: config.version, entryPoints: compiled };
  };
}
