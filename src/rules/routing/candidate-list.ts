// Routers that share a host and a path, in the order in which they are asked. Those that want a header to have one
// value are found by that value, so that many models or tenants behind one path cost no more than one.
import { type HeadPredicate, headerValue } from './compile-matcher.ts';
import type { RequestHead } from './request-head.ts';

/** One branch of one router, filed under its host and path. */
export type Candidate<T> = {
  /** Place in the order of all routers; 0 is asked first. Branches of one router share it. */
  readonly rank: number;
  /** What host and path do not answer yet; absent when they answer everything. */
  readonly test: HeadPredicate | undefined;
  /** A header that this branch requires to have this value; `test` asks for it as well. */
  readonly header: { readonly key: string; readonly value: string } | undefined;
  readonly value: T;
};

/** Candidates ready to be asked. */
export type CandidateList<T> = {
  /** Asked one after the other, by rank. */
  readonly inOrder: readonly Candidate<T>[];
  readonly byHeader: readonly HeaderIndex<T>[];
};

type HeaderIndex<T> = {
  readonly key: string;
  readonly byValue: ReadonlyMap<string, readonly Candidate<T>[]>;
};

/** From this many candidates that want the same header on, a look-up is cheaper than asking each (measured). */
const minHeaderGroup = 8;

/** Makes a list from candidates that come in the order of their rank. */
export function createCandidateList<T>(candidates: readonly Candidate<T>[]): CandidateList<T> {
  const groups = Map.groupBy(candidates, (candidate) => candidate.header?.key);
  const byHeader: HeaderIndex<T>[] = [];
  for (const [key, members] of groups) {
    if (key === undefined || members.length < minHeaderGroup) continue;
    byHeader.push({ key, byValue: Map.groupBy(members, (member) => member.header?.value ?? '') });
  }
  const grouped = new Set(byHeader.map((group) => group.key));
  const inOrder = candidates.filter((candidate) => !candidate.header || !grouped.has(candidate.header.key));
  return { inOrder, byHeader };
}

/** The better of `best` and the first candidate of the list that takes the request. Allocates nothing. */
export function firstCandidate<T>(
  list: CandidateList<T>,
  head: RequestHead,
  best: Candidate<T> | undefined,
): Candidate<T> | undefined {
  let found = firstInOrder(list.inOrder, head, best);
  for (let at = 0; at < list.byHeader.length; at++) {
    const group = list.byHeader[at];
    const value = group && headerValue(head.headers, group.key);
    if (!group || value === undefined) continue;
    if (typeof value === 'string') found = firstInOrder(group.byValue.get(value), head, found);
    else for (const one of value) found = firstInOrder(group.byValue.get(one), head, found);
  }
  return found;
}

function firstInOrder<T>(
  candidates: readonly Candidate<T>[] | undefined,
  head: RequestHead,
  best: Candidate<T> | undefined,
): Candidate<T> | undefined {
  if (!candidates) return best;
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at];
    if (!candidate || (best && candidate.rank >= best.rank)) return best;
    if (!candidate.test || candidate.test(head)) return candidate;
  }
  return best;
}
