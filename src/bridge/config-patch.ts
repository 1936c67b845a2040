// The difference between two versions of DynamicConfig. What did not change keeps its identity on both sides of the
// bridge, so that a change costs what changed and not what is configured. Pure.
import { diffTables, withChanges } from '../lib/sorted-table.ts';
import type { DynamicConfig } from '../model/dynamic-config.ts';
import type { ConfigPatch, TablePatch } from '../model/messages.ts';

/** What takes `previous` to `next`. Objects are compared by identity: the resolver keeps that of unchanged ones. */
export function diffConfigs(previous: DynamicConfig, next: DynamicConfig): ConfigPatch {
  return {
    base: previous.version,
    version: next.version,
    routers: tablePatch(previous.routers, next.routers),
    services: tablePatch(previous.services, next.services),
    middlewares: tablePatch(previous.middlewares, next.middlewares),
    tcpRouters: tablePatch(previous.tcpRouters, next.tcpRouters),
    tcpServices: tablePatch(previous.tcpServices, next.tcpServices),
    tcpMiddlewares: tablePatch(previous.tcpMiddlewares, next.tcpMiddlewares),
    udpRouters: tablePatch(previous.udpRouters, next.udpRouters),
    udpServices: tablePatch(previous.udpServices, next.udpServices),
  };
}

/**
 * `config` with `patch` applied. Diagnostics do not cross the bridge: a worker has no use for them.
 * @throws RangeError if the patch was made for another version: the caller must ask for everything again.
 */
export function applyPatch(config: DynamicConfig, patch: ConfigPatch): DynamicConfig {
  if (patch.base !== config.version) {
    throw new RangeError(`A patch for version ${patch.base} reached version ${config.version}.`);
  }
  return {
    version: patch.version,
    routers: patchTable(config.routers, patch.routers),
    services: patchTable(config.services, patch.services),
    middlewares: patchTable(config.middlewares, patch.middlewares),
    tcpRouters: patchTable(config.tcpRouters, patch.tcpRouters),
    tcpServices: patchTable(config.tcpServices, patch.tcpServices),
    tcpMiddlewares: patchTable(config.tcpMiddlewares, patch.tcpMiddlewares),
    udpRouters: patchTable(config.udpRouters, patch.udpRouters),
    udpServices: patchTable(config.udpServices, patch.udpServices),
    diagnostics: [],
  };
}

type Table<T> = ReadonlyMap<string, T>;

function tablePatch<T>(previous: Table<T>, next: Table<T>): TablePatch<T> {
  const { set, removed } = diffTables(previous, next);
  return { set: set.map(([, value]) => value), removed };
}

function patchTable<T extends { readonly name: string }>(table: Table<T>, patch: TablePatch<T>): Table<T> {
  if (patch.set.length === 0 && patch.removed.length === 0) return table;
  return withChanges(table, [
    ...patch.removed.map((name) => [name, undefined] as const),
    ...patch.set.map((value) => [value.name, value] as const),
  ]);
}
