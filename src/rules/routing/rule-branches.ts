// Splits a rule into branches, any of which suffices (disjunctive normal form), for the index: a branch has fixed
// requirements, so it can be filed under its host and its path.
import type { MatchNode, RuleNode } from './rule-node.ts';

/** One requirement of a branch: a matcher, or that it does not match. */
export type Literal = { readonly match: MatchNode; readonly negated: boolean };

/** Requirements that must all be met. */
export type Branch = readonly Literal[];

/**
 * Most branches that a rule is split into. A list of hosts times a list of paths stays far below; a product such as
 * `(a||b) && (c||d) && …` doubles with each factor and would fill the memory.
 */
export const maxBranches = 1024;

/** The branches of a rule, each requiring all of its literals, or undefined when there would be too many. */
export function toBranches(rule: RuleNode): readonly Branch[] | undefined {
  return split(rule, false);
}

function split(rule: RuleNode, negated: boolean): readonly Branch[] | undefined {
  if (rule.kind === 'match') return [[{ match: rule, negated }]];
  if (rule.kind === 'not') return split(rule.node, !negated);
  const left = split(rule.left, negated);
  const right = left && split(rule.right, negated);
  if (!left || !right) return undefined;
  // De Morgan: under a negation `and` offers alternatives and `or` makes requirements.
  if ((rule.kind === 'or') !== negated) {
    return left.length + right.length > maxBranches ? undefined : [...left, ...right];
  }
  if (left.length * right.length > maxBranches) return undefined;
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}
