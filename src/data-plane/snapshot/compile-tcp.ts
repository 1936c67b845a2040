// The TCP routers of a configuration → a table for each entry point that has any. Incremental: an unchanged router keeps its
// compiled rule, and without a TCP router nothing is done at all.
import type { DynamicConfig, TcpMiddleware, TcpRouter } from '../../model/dynamic-config.ts';
import type { EntryPoint } from '../../model/startup.ts';
import { tcpName } from '../../model/tcp.ts';
import { trustRegexps } from '../../rules/routing/check-regexp.ts';
import { createRegexpCache } from '../../rules/routing/compile-regexp.ts';
import { compileTcpRule, isCatchAll } from '../../rules/routing/compile-tcp-rule.ts';
import { parseTcpRule } from '../../rules/routing/parse-rule.ts';
import { orderOf } from '../../rules/routing/router-order.ts';
import type { TcpRuleNode } from '../../rules/routing/rule-node.ts';
import type { TcpTable } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import {
  closedGate,
  compileTcpMiddleware,
  joinGates,
  type TcpGate,
} from '../middlewares/tcp/compile-tcp-middleware.ts';
import type { SnapshotIo } from './compile-router.ts';
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

/** What depends on nothing but the router itself, and is dear. */
type CompiledRule = Omit<TcpEntry, 'router'>;

const noTables: TcpTables = new Map();

/** Makes a compiler that remembers its last result. */
export function createTcpCompiler(
  entryPoints: readonly EntryPoint[],
  live: Pick<LiveState, 'service'>,
  io: Pick<SnapshotIo, 'onFault' | 'limits'>,
): TcpCompiler {
  const cache = createRegexpCache();
  const compiled = new WeakMap<TcpRouter, CompiledRule | undefined>();
  const gates = new WeakMap<TcpMiddleware, TcpGate>();
  let hosts: ReadonlyMap<string, HttpsHosts> | undefined;
  let last: Pick<DynamicConfig, 'tcpRouters' | 'tcpMiddlewares'> | undefined;
  let tables = noTables;

  function entryOf(router: TcpRouter, middlewares: DynamicConfig['tcpMiddlewares']): TcpEntry | undefined {
    if (!compiled.has(router)) compiled.set(router, compileRule(router));
    const rule = compiled.get(router);
    if (rule === undefined) return undefined;
    const { name, service, tls } = router;
    return {
      ...rule,
      router: {
        name,
        serviceName: service,
        tls: tls === undefined ? 'none' : tls.passthrough ? 'passthrough' : 'terminate',
        gate: joinGates(router.middlewares.map((one) => gateOf(middlewares.get(one)))),
        service: () => live.service(tcpName(service)),
      },
    };
  }

  /** A middleware that is not there, or cannot be used, lets nothing through: a missing check must not open a door. */
  function gateOf(middleware: TcpMiddleware | undefined): TcpGate {
    if (middleware === undefined || middleware.status === 'disabled') return closedGate;
    const known = gates.get(middleware) ?? compileTcpMiddleware(middleware, io.limits);
    gates.set(middleware, known);
    return known;
  }

  function compileRule(router: TcpRouter): CompiledRule | undefined {
    if (router.status === 'disabled') return undefined;
    const parsed = parseTcpRule(router.rule, trustRegexps);
    if (!parsed.ok) {
      // resolve disables such routers; to serve nothing is the safe reading if it did not.
      io.onFault({ router: router.name, rule: router.rule }, 'A TCP router has a rule that cannot be read.');
      return undefined;
    }
    return {
      takes: compileTcpRule(parsed.rule, cache),
      priority: router.priority,
      order: orderOf(router),
      isCatchAll: isCatchAll(parsed.rule),
      names: requiredNames(parsed.rule),
    };
  }

  return ({ tcpRouters, tcpMiddlewares }, changes, all) => {
    if (tcpRouters.size === 0) {
      hosts = undefined;
      last = undefined;
      tables = noTables;
      return tables;
    }
    const books = hosts ?? new Map(entryPoints.map(({ name }) => [name, createHttpsHosts()]));
    countHosts(books, hosts === undefined ? { removed: [], added: [...all()].filter(isPresent) } : changes);
    hosts = books;
    if (tcpRouters === last?.tcpRouters && tcpMiddlewares === last.tcpMiddlewares) return tables;
    last = { tcpRouters, tcpMiddlewares };
    tables = new Map(
      [...books].flatMap(([entryPoint, https]) => {
        const routers = [...tcpRouters.values()].filter((router) => router.entryPoints.includes(entryPoint));
        const entries = routers.map((router) => entryOf(router, tcpMiddlewares)).filter(isPresent);
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
