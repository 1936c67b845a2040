// The routers of one entry point in shards by host, so that a changed router costs the compilation of its shard and not
// of all. Each shard is an index of rules/routing; the answer is that of one index over all routers.
import { createRegexpCache, type RegexpCache } from '../../rules/routing/compile-regexp.ts';
import type { RequestHead } from '../../rules/routing/request-head.ts';
import { createRouterIndex, type RouterIndex } from '../../rules/routing/router-index.ts';
import { compareRanks, type Ranked } from '../../rules/routing/router-order.ts';
import type { RuleNode } from '../../rules/routing/rule-node.ts';
import type { CompiledRouter, RouterTable } from '../exchange/snapshot.ts';

/** A router as it stands in a table. */
export type RouterEntry = Ranked & {
  readonly router: CompiledRouter;
  readonly rule: RuleNode;
  readonly entryPoints: readonly string[];
  /** Those of them on which it answers encrypted connections; on the others plain ones. */
  readonly tlsEntryPoints: readonly string[];
  /** Shards in which it may be looked for. */
  readonly shards: readonly number[];
};

/** What is gone, by identity, and what is new; a changed router is both. */
export type RouterChanges = {
  readonly removed: readonly RouterEntry[];
  readonly added: readonly RouterEntry[];
};

/** Gives the table after the changes; earlier tables stay as they are. */
export type RouterTableCompiler = (changes: RouterChanges) => RouterTable;

/** 10,000 routers make shards of about 80, which compile in a fraction of a millisecond. */
const hostShards = 128;
/** Routers that may take any host. */
const generalShard = hostShards;

/**
 * A rule is compiled in each of its shards. One with more is compiled once, in the general shard, whose index knows
 * hosts as well: a label with 20,000 hosts would cost seconds and half a gigabyte.
 */
const maxShardsOfRule = 8;

type Index = RouterIndex<RouterEntry> | undefined;

/** Compiles tables one after the other; shards that a change does not concern are kept. */
export function createRouterTableCompiler(): RouterTableCompiler {
  const groups = Array.from({ length: hostShards + 1 }, () => new Set<RouterEntry>());
  // A shard that is compiled anew compiles none of its regexps again.
  const cache = createRegexpCache();
  let indexes: readonly Index[] = [];
  return ({ removed, added }) => {
    const touched = new Set([...removed, ...added].flatMap(({ shards }) => shards));
    for (const entry of removed) for (const shard of entry.shards) groups[shard]?.delete(entry);
    for (const entry of added) for (const shard of entry.shards) groups[shard]?.add(entry);
    const next = groups.map((group, shard) =>
      touched.has(shard) ? compileShard(group, cache) : indexes[shard],
    );
    indexes = next;
    return { match: (head) => match(next, head) };
  };
}

/** The shards of a rule: those of the hosts that it requires, or the general one. */
export function shardsOf(rule: RuleNode): readonly number[] {
  const hosts = requiredHosts(rule);
  if (hosts === undefined) return [generalShard];
  const shards = new Set(hosts.map(shardOfHost));
  return shards.size > maxShardsOfRule ? [generalShard] : [...shards];
}

function match(indexes: readonly Index[], head: RequestHead): CompiledRouter | undefined {
  const specific = indexes[shardOfHost(head.host)]?.match(head);
  const general = indexes[generalShard]?.match(head);
  if (specific === undefined) return general?.router;
  if (general === undefined) return specific.router;
  return compareRanks(specific, general) <= 0 ? specific.router : general.router;
}

function compileShard(entries: ReadonlySet<RouterEntry>, cache: RegexpCache): Index {
  if (entries.size === 0) return undefined;
  return createRouterIndex(
    [...entries]
      .sort(compareRanks)
      .map((entry, order) => ({ rule: entry.rule, priority: entry.priority, order, value: entry })),
    cache,
  );
}

/** The hosts of which a request must have one for the rule to take it; undefined when it may take others too. */
function requiredHosts(rule: RuleNode): readonly string[] | undefined {
  switch (rule.kind) {
    case 'match': {
      const host = rule.args[0] ?? '*';
      return rule.matcher === 'Host' && !host.includes('*') ? [host] : undefined;
    }
    case 'and':
      return requiredHosts(rule.left) ?? requiredHosts(rule.right);
    case 'or': {
      const left = requiredHosts(rule.left);
      const right = left && requiredHosts(rule.right);
      return right && [...left, ...right];
    }
    case 'not':
      return undefined;
  }
}

function shardOfHost(host: string): number {
  let hash = 0;
  for (let at = 0; at < host.length; at++) hash = (Math.imul(hash, 31) + host.charCodeAt(at)) | 0;
  return (hash >>> 0) % hostShards;
}
