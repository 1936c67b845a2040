// A radix tree of path prefixes: all prefixes of a path are met on one walk, whose length depends on the path and
// not on how many prefixes there are. Prefixes are strings, not segments: `/foo` is met on the way to `/foobar`.
import { type Candidate, type CandidateList, createCandidateList, firstCandidate } from './candidate-list.ts';
import type { RequestHead } from './request-head.ts';

/** One node with all below it. */
export type PrefixTrie<T> = {
  /** What follows the parent's prefix and the character by which the parent finds this node. */
  readonly tail: string;
  /** The best rank in this node and all below: a walk stops where nothing better can come. */
  readonly minRank: number;
  readonly list: CandidateList<T> | undefined;
  /** By the first character code of their label, less `firstCode`: an array costs a third of a Map's look-up. */
  readonly children: readonly (PrefixTrie<T> | undefined)[] | undefined;
  readonly firstCode: number;
};

/** Builds the tree; candidates of one prefix come in the order of their rank. */
export function createPrefixTrie<T>(byPrefix: ReadonlyMap<string, readonly Candidate<T>[]>): PrefixTrie<T> {
  const prefixes = [...byPrefix.keys()].sort(compareCodeUnits);
  return buildNode(prefixes, 0, prefixes.length, 0, byPrefix);
}

/** The better of `best` and the first candidate, by rank, of any prefix of the path. */
export function searchPrefixTrie<T>(
  trie: PrefixTrie<T>,
  head: RequestHead,
  best: Candidate<T> | undefined,
): Candidate<T> | undefined {
  const { path } = head;
  let found = best;
  let node: PrefixTrie<T> | undefined = trie;
  let at = 0;
  while (node) {
    if (found && node.minRank >= found.rank) return found;
    const { tail } = node;
    if (tail !== '') {
      if (!path.startsWith(tail, at)) return found;
      at += tail.length;
    }
    if (node.list) found = firstCandidate(node.list, head, found);
    if (at >= path.length) return found;
    node = node.children?.[path.charCodeAt(at) - node.firstCode];
    at++;
  }
  return found;
}

/** The node of the sorted prefixes in [from, to), which agree in their first `depth` characters. */
function buildNode<T>(
  prefixes: readonly string[],
  from: number,
  to: number,
  depth: number,
  byPrefix: ReadonlyMap<string, readonly Candidate<T>[]>,
): PrefixTrie<T> {
  const first = prefixes[from] ?? '';
  const last = prefixes[to - 1] ?? '';
  let end = depth;
  // In sorted order what the first and the last share, all between them share.
  while (end < first.length && first.charCodeAt(end) === last.charCodeAt(end)) end++;
  const own = first.length === end ? byPrefix.get(first) : undefined;
  let minRank = own?.[0]?.rank ?? Number.POSITIVE_INFINITY;
  const children: (PrefixTrie<T> | undefined)[] = [];
  let at = own ? from + 1 : from;
  const firstCode = prefixes[at]?.charCodeAt(end) ?? 0;
  while (at < to) {
    const code = prefixes[at]?.charCodeAt(end) ?? 0;
    let next = at + 1;
    while (next < to && prefixes[next]?.charCodeAt(end) === code) next++;
    const child = buildNode(prefixes, at, next, end + 1, byPrefix);
    minRank = Math.min(minRank, child.minRank);
    // In the order of the codes. Where they lie far apart, which ASCII does not, the engine makes a hash table of it.
    children[code - firstCode] = child;
    at = next;
  }
  return {
    tail: first.slice(depth, end),
    minRank,
    list: own && createCandidateList(own),
    children: children.length > 0 ? children : undefined,
    firstCode,
  };
}

function compareCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
