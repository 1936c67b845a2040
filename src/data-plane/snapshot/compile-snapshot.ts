// DynamicConfig → Snapshot. Incremental: what kept its identity in the configuration keeps its compiled twin, so that a
// change among thousands of routers costs what changed.
import type { DynamicConfig, Middleware, Router } from '../../model/dynamic-config.ts';
import type { EntryPoint } from '../../model/startup.ts';
import type { EntryPointSnapshot, Snapshot } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import type { HeadMiddleware } from '../middlewares/exchange.ts';
import { compileOrRefuse, compileRouter, type SnapshotIo } from './compile-router.ts';
import { createServiceCompiler } from './compile-service.ts';
import { createRouterTableCompiler, type RouterEntry } from './router-table.ts';

/** Gives the snapshot of a configuration, after the live state has followed it. */
export type SnapshotCompiler = (config: DynamicConfig) => Snapshot;

type CompiledMiddleware = { readonly source: Middleware | undefined; readonly handler: HeadMiddleware };
type RouterMemo = {
  readonly source: Router;
  readonly parts: readonly unknown[];
  readonly entry: RouterEntry | undefined;
};

/** Makes a compiler that remembers its last result. */
export function createSnapshotCompiler(
  entryPoints: readonly EntryPoint[],
  live: Pick<LiveState, 'service'>,
  io: SnapshotIo,
): SnapshotCompiler {
  const compileService = createServiceCompiler(live);
  const tables = entryPoints.map((entryPoint) => ({ entryPoint, compile: createRouterTableCompiler() }));
  let middlewares = new Map<string, CompiledMiddleware>();
  let routers = new Map<string, RouterMemo>();

  return (config) => {
    const usedMiddlewares = new Map<string, CompiledMiddleware>();
    const handlerOf = (name: string): HeadMiddleware => {
      const source = config.middlewares.get(name);
      const used = usedMiddlewares.get(name);
      if (used !== undefined) return used.handler;
      const before = middlewares.get(name);
      const kept =
        before !== undefined && before.source === source && source !== undefined
          ? before
          : { source, handler: compileOrRefuse(source, io) };
      usedMiddlewares.set(name, kept);
      return kept.handler;
    };

    const entries: RouterEntry[] = [];
    const next = new Map<string, RouterMemo>();
    for (const [name, source] of config.routers) {
      const service = compileService(config.services.get(source.service));
      const chain = source.middlewares.map(handlerOf);
      const before = routers.get(name);
      let memo = before;
      if (memo === undefined || memo.source !== source || !isSameList(memo.parts, [service, ...chain])) {
        memo = { source, parts: [service, ...chain], entry: compileRouter(source, chain, service, io) };
      }
      next.set(name, memo);
      if (memo.entry !== undefined) entries.push(memo.entry);
    }
    routers = next;
    middlewares = usedMiddlewares;

    const compiled = new Map<string, EntryPointSnapshot>();
    for (const { entryPoint, compile } of tables) {
      const own = entries.filter((entry) => entry.entryPoints.includes(entryPoint.name));
      compiled.set(entryPoint.name, { entryPoint, routers: compile(own) });
    }
    return { version: config.version, entryPoints: compiled };
  };
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
