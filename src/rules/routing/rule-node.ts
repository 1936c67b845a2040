// A parsed rule as plain data. Whatever syntax it was written in, it holds only the matchers of Traefik v3, each
// with checked arguments, so that everything after the parser knows one language.

/** The matchers of Traefik v3.7 (reference "Routers", "Rule"). Rules in v2 syntax are translated to these. */
export const matcherNames = [
  'Host',
  'HostRegexp',
  'Path',
  'PathPrefix',
  'PathRegexp',
  'Method',
  'Header',
  'HeaderRegexp',
  'Query',
  'QueryRegexp',
  'ClientIP',
] as const;

/** One of them. */
export type MatcherName = (typeof matcherNames)[number];

/** The matchers of TCP routers in Traefik v3.7 (reference "TCP Routers", "Rule"). */
export const tcpMatcherNames = ['HostSNI', 'HostSNIRegexp', 'ClientIP', 'ALPN'] as const;

/** One of them. */
export type TcpMatcherName = (typeof tcpMatcherNames)[number];

/** One matcher with its arguments in canonical form: hosts in lower case, methods in upper case. */
export type MatchNode<M extends string = MatcherName> = {
  readonly kind: 'match';
  readonly matcher: M;
  readonly args: readonly string[];
  /** 0-based offset of the matcher in the rule text. */
  readonly position: number;
};

/** A rule: JSON-safe, so it crosses threads and is compared by tests as it is. */
export type RuleNode<M extends string = MatcherName> =
  | { readonly kind: 'and'; readonly left: RuleNode<M>; readonly right: RuleNode<M> }
  | { readonly kind: 'or'; readonly left: RuleNode<M>; readonly right: RuleNode<M> }
  | { readonly kind: 'not'; readonly node: RuleNode<M> }
  | MatchNode<M>;

/** The rule of a TCP router. */
export type TcpRuleNode = RuleNode<TcpMatcherName>;

/** What is wrong with a rule, or doubtful in it. Messages and hints are full sentences. */
export type RuleFault = {
  readonly message: string;
  /** 0-based offset in the rule text, in UTF-16 code units as JavaScript counts them. */
  readonly position: number;
  readonly hint?: string;
};

/**
 * Joins nodes by one operator. The tree is balanced, so that a rule with thousands of hosts does not exhaust the
 * stack of those who walk it; the order of evaluation from left to right is kept.
 */
export function joinNodes<M extends string>(
  kind: 'and' | 'or',
  nodes: readonly [RuleNode<M>, ...RuleNode<M>[]],
): RuleNode<M> {
  const join = (from: number, to: number): RuleNode<M> => {
    if (to - from === 1) return nodes[from] ?? nodes[0];
    const middle = (from + to) >>> 1;
    return { kind, left: join(from, middle), right: join(middle, to) };
  };
  return join(0, nodes.length);
}

/** Traefik's default priority of a rule: its length in bytes. */
export function defaultPriority(ruleText: string): number {
  return Buffer.byteLength(ruleText, 'utf8');
}
