// All routers of an entry point, filed by host and path, so that the cost of a match does not grow with their number.
// The answer is the one of asking every router in the order of priority.
import { appendTo } from '../../lib/append-to.ts';
import type { Candidate } from './candidate-list.ts';
import { compileMatcher, type HeadPredicate, wildcardSuffix } from './compile-matcher.ts';
import { createRegexpCache, type RegexpCache } from './compile-regexp.ts';
import { compileRule } from './compile-rule.ts';
import { createHostBucket, type HostBucket, type PathKey, searchHostBucket } from './host-bucket.ts';
import type { RequestHead } from './request-head.ts';
import { type Branch, type Literal, toBranches } from './rule-branches.ts';
import type { RuleNode } from './rule-node.ts';

/** A router as the index takes it. */
export type IndexedRouter<T> = {
  readonly rule: RuleNode;
  /** Higher is asked first. Resolve 0 to defaultPriority before. */
  readonly priority: number;
  /** Decides between equal priorities, lower first: provider precedence, then name. */
  readonly order: number;
  readonly value: T;
};

/** Finds the router of a request. */
export type RouterIndex<T> = {
  /** The value of the first router, by priority, whose rule takes the request. */
  match(head: RequestHead): T | undefined;
};

/** Compiles the routers. They are not changed, and may be given in any order. Indexes may share a cache of regexps. */
export function createRouterIndex<T>(
  routers: readonly IndexedRouter<T>[],
  cache: RegexpCache = createRegexpCache(),
): RouterIndex<T> {
  const ranked = routers.toSorted((one, other) => other.priority - one.priority || one.order - other.order);
  const byHost = new Map<string, Member<T>[]>();
  const bySuffix = new Map<string, Member<T>[]>();
  const anyHost: Member<T>[] = [];
  for (const [rank, router] of ranked.entries()) {
    for (const { host, member } of fileRouter(router, rank, cache)) {
      if (host === undefined) anyHost.push(member);
      else if (host.startsWith('*')) appendTo(bySuffix, host.slice(1), member);
      else appendTo(byHost, host, member);
    }
  }
  const hosts = toBuckets(byHost);
  const suffixes = toBuckets(bySuffix);
  const general = createHostBucket(anyHost);
  return {
    match(head) {
      let best = searchHostBucket<T>(hosts.get(head.host), head, undefined);
      if (suffixes.size > 0) best = searchHostBucket(suffixes.get(wildcardSuffix(head.host)), head, best);
      return searchHostBucket(general, head, best)?.value;
    },
  };
}

type Member<T> = { readonly path: PathKey; readonly candidate: Candidate<T> };

type Filed<T> = { readonly host: string | undefined; readonly member: Member<T> };

function fileRouter<T>(router: IndexedRouter<T>, rank: number, cache: RegexpCache): readonly Filed<T>[] {
  const branches = toBranches(router.rule);
  if (branches) return branches.map((branch) => fileBranch(branch, rank, router.value, cache));
  const test = compileRule(router.rule, cache);
  const candidate: Candidate<T> = { rank, test, header: undefined, value: router.value };
  return [{ host: undefined, member: { path: undefined, candidate } }];
}

function fileBranch<T>(branch: Branch, rank: number, value: T, cache: RegexpCache): Filed<T> {
  const positive = branch.filter((literal) => !literal.negated);
  const hosts = positive.filter(({ match }) => match.matcher === 'Host' && isHostKey(match.args[0] ?? ''));
  const host = hosts.find(({ match }) => !match.args[0]?.startsWith('*')) ?? hosts[0];
  const path =
    positive.find(({ match }) => match.matcher === 'Path') ??
    positive
      .filter(({ match }) => match.matcher === 'PathPrefix')
      .reduce<Literal | undefined>(
        (longest, next) => (pathOf(next).length > pathOf(longest).length ? next : longest),
        undefined,
      );
  const header = positive.find(({ match }) => match.matcher === 'Header')?.match.args;
  const rest = branch.filter((literal) => literal !== host && literal !== path && !isAlwaysTrue(literal));
  const candidate: Candidate<T> = {
    rank,
    test: compileLiterals(rest, cache),
    header: header && { key: (header[0] ?? '').toLowerCase(), value: header[1] ?? '' },
    value,
  };
  const key: PathKey = path && {
    kind: path.match.matcher === 'Path' ? 'path' : 'prefix',
    path: pathOf(path),
  };
  return { host: host?.match.args[0], member: { path: key, candidate } };
}

function pathOf(literal: Literal | undefined): string {
  return literal?.match.args[0] ?? '';
}

/** A name, or `*.` before a name; the host `*` files nothing, and other stars match nothing. */
function isHostKey(host: string): boolean {
  return !host.startsWith('*') || host.startsWith('*.');
}

function isAlwaysTrue({ match, negated }: Literal): boolean {
  return !negated && match.matcher === 'Host' && match.args[0] === '*';
}

/** One predicate for what is left of a branch, or undefined when nothing is. */
function compileLiterals(literals: readonly Literal[], cache: RegexpCache): HeadPredicate | undefined {
  const tests = literals.map(({ match, negated }): HeadPredicate => {
    const test = compileMatcher(match, cache);
    return negated ? (head) => !test(head) : test;
  });
  // Nested pairs instead of every(): a callback per match would be garbage per request.
  return tests.reduce<HeadPredicate | undefined>((all, test) => (all ? both(all, test) : test), undefined);
}

function both(one: HeadPredicate, other: HeadPredicate): HeadPredicate {
  return (head) => one(head) && other(head);
}

function toBuckets<T>(members: ReadonlyMap<string, readonly Member<T>[]>): Map<string, HostBucket<T>> {
  return new Map([...members].map(([host, list]) => [host, createHostBucket(list)]));
}
