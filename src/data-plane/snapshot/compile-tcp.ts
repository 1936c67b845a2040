// The TCP routers of a configuration → a table for each entry point that has any. Incremental: an unchanged router keeps its
// compiled rule, and without a TCP router nothing is done at all.
import type { DynamicConfig, TcpRouter } from '../../model/dynamic-config.ts';
import type { EntryPoint } from '../../model/startup.ts';
import { tcpName } from '../../model/tcp.ts';
import { trustRegexps } from '../../rules/routing/check-regexp.ts';
import { createRegexpCache } from '../../rules/routing/compile-regexp.ts';
import { compileTcpRule, isCatchAll } from '../../rules/routing/compile-tcp-rule.ts';
import { parseTcpRule } from '../../rules/routing/parse-rule.ts';
import type { TcpRuleNode } from '../../rules/routing/rule-node.ts';
import type { TcpTable } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import { orderOf, type SnapshotIo } from './compile-router.ts';
import { createHttpsHosts, type HttpsHosts } from './https-hosts.ts';
import type { RouterChanges, RouterEntry } from './router-table.ts';
import { createTcpTable, type TcpEntry } from './tcp-table.ts';

/** Tables by entry point; the same map as long as nothing changes. */
export type TcpTables = ReadonlyMap<string, TcpTable>;

/** Gives the tables of a configuration. `changes` and `all` are the HTTP routers that changed, and all of them. */
export type TcpCompiler = (
  config: DynamicConfig,
  changes: RouterChanges,
  all: () => Iterable<RouterEntry | undefined>,
) => TcpTables;

const noTables: TcpTables = new Map();

/** Makes a compiler that remembers its last result. */
export function createTcpCompiler(
  entryPoints: readonly EntryPoint[],
  live: Pick<LiveState, 'service'>,
  io: Pick<SnapshotIo, 'onFault'>,
): TcpCompiler {
  const cache = createRegexpCache();
  const compiled = new WeakMap<TcpRouter, TcpEntry | undefined>();
  let hosts: ReadonlyMap<string, HttpsHosts> | undefined;
  let last: DynamicConfig['tcpRouters'] | undefined;
  let tables = noTables;

  function entryOf(router: TcpRouter): TcpEntry | undefined {
    if (!compiled.has(router)) compiled.set(router, compileEntry(router));
    return compiled.get(router);
  }

  function compileEntry(router: TcpRouter): TcpEntry | undefined {
    if (router.status === 'disabled') return undefined;
    const parsed = parseTcpRule(router.rule, trustRegexps);
    if (!parsed.ok) {
      // resolve disables such routers; to serve nothing is the safe reading if it did not.
      io.onFault({ router: router.name, rule: router.rule }, 'A TCP router has a rule that cannot be read.');
      return undefined;
    }
    const { name, service, tls } = router;
    return {
      router: {
        name,
        serviceName: service,
        tls: tls === undefined ? 'none' : tls.passthrough ? 'passthrough' : 'terminate',
        service: () => live.service(tcpName(service)),
      },
      takes: compileTcpRule(parsed.rule, cache),
      priority: router.priority,
      order: orderOf(router),
      isCatchAll: isCatchAll(parsed.rule),
      names: requiredNames(parsed.rule),
    };
  }

  return ({ tcpRouters }, changes, all) => {
    if (tcpRouters.size === 0) {
      hosts = undefined;
      last = undefined;
      tables = noTables;
      return tables;
    }
    const books = hosts ?? new Map(entryPoints.map(({ name }) => [name, createHttpsHosts()]));
    countHosts(books, hosts === undefined ? { removed: [], added: [...all()].filter(isPresent) } : changes);
    hosts = books;
    if (tcpRouters === last) return tables;
    last = tcpRouters;
    tables = new Map(
      [...books].flatMap(([entryPoint, https]) => {
        const routers = [...tcpRouters.values()].filter((router) => router.entryPoints.includes(entryPoint));
        const entries = routers.map(entryOf).filter(isPresent);
        return entries.length === 0 ? [] : [[entryPoint, createTcpTable(entries, https)] as const];
      }),
    );
    return tables;
  };
}

function countHosts(books: ReadonlyMap<string, HttpsHosts>, { removed, added }: RouterChanges): void {
  for (const { rule, tlsEntryPoints } of removed) {
    for (const name of tlsEntryPoints) books.get(name)?.remove(rule);
  }
  for (const { rule, tlsEntryPoints } of added) {
    for (const name of tlsEntryPoints) books.get(name)?.add(rule);
  }
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** The names of which a connection must have one for the rule to take it; undefined when it may take others too. */
function requiredNames(rule: TcpRuleNode): readonly string[] | undefined {
  switch (rule.kind) {
    case 'match': {
      const [name = '*'] = rule.args;
      return rule.matcher === 'HostSNI' && !name.includes('*') ? [name] : undefined;
    }
    case 'and':
      return requiredNames(rule.left) ?? requiredNames(rule.right);
    case 'or': {
      const left = requiredNames(rule.left);
      const right = left && requiredNames(rule.right);
      return right && [...left, ...right];
    }
    case 'not':
      return undefined;
  }
}
