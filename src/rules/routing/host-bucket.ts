// The routers of one host (or of one wildcard, or of none), filed by path.
import { appendTo } from '../../lib/append-to.ts';
import { type Candidate, type CandidateList, createCandidateList, firstCandidate } from './candidate-list.ts';
import { createPrefixTrie, type PrefixTrie, searchPrefixTrie } from './prefix-trie.ts';
import type { RequestHead } from './request-head.ts';

/** Where a branch is filed inside its bucket. */
export type PathKey = { readonly kind: 'path' | 'prefix'; readonly path: string } | undefined;

/** The routers of one host. */
export type HostBucket<T> = {
  readonly minRank: number;
  /** The only branch of the host, as most hosts have: one look at it in place of a walk through the structures below. */
  readonly only: Candidate<T> | undefined;
  readonly onlyPath: string;
  /** Whether the path must be equal, or else begin so. */
  readonly isExact: boolean;
  readonly byPath: ReadonlyMap<string, CandidateList<T>> | undefined;
  readonly byPrefix: PrefixTrie<T> | undefined;
  readonly anyPath: CandidateList<T> | undefined;
};

type Member<T> = { readonly path: PathKey; readonly candidate: Candidate<T> };

/** Builds a bucket from branches that come in the order of their rank. */
export function createHostBucket<T>(members: readonly Member<T>[]): HostBucket<T> {
  const [first, second] = members;
  if (first !== undefined && second === undefined) return bucketOfOne(first);
  const paths = new Map<string, Candidate<T>[]>();
  const prefixes = new Map<string, Candidate<T>[]>();
  const others: Candidate<T>[] = [];
  for (const { path, candidate } of members) {
    if (!path) others.push(candidate);
    else appendTo(path.kind === 'path' ? paths : prefixes, path.path, candidate);
  }
  const lists = [...paths].map(([path, list]) => [path, createCandidateList(list)] as const);
  return {
    minRank: first?.candidate.rank ?? Number.POSITIVE_INFINITY,
    only: undefined,
    onlyPath: '',
    isExact: false,
    byPath: lists.length > 0 ? new Map(lists) : undefined,
    byPrefix: prefixes.size > 0 ? createPrefixTrie(prefixes) : undefined,
    anyPath: others.length > 0 ? createCandidateList(others) : undefined,
  };
}

function bucketOfOne<T>({ path, candidate }: Member<T>): HostBucket<T> {
  return {
    minRank: candidate.rank,
    only: candidate,
    onlyPath: path?.path ?? '',
    isExact: path?.kind === 'path',
    byPath: undefined,
    byPrefix: undefined,
    anyPath: undefined,
  };
}

/** The better of `best` and the bucket's first candidate that takes the request. */
export function searchHostBucket<T>(
  bucket: HostBucket<T> | undefined,
  head: RequestHead,
  best: Candidate<T> | undefined,
): Candidate<T> | undefined {
  if (!bucket || (best && bucket.minRank >= best.rank)) return best;
  const { only } = bucket;
  if (only) {
    const { path } = head;
    const isMet = bucket.isExact ? path === bucket.onlyPath : path.startsWith(bucket.onlyPath);
    return isMet && (!only.test || only.test(head)) ? only : best;
  }
  let found = best;
  const exact = bucket.byPath?.get(head.path);
  if (exact) found = firstCandidate(exact, head, found);
  if (bucket.byPrefix) found = searchPrefixTrie(bucket.byPrefix, head, found);
  return bucket.anyPath ? firstCandidate(bucket.anyPath, head, found) : found;
}
