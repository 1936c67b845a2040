// Why a rule matched a request or not: the tree of the rule with an answer at every node, for "why is my route not
// working". Unlike the compiled rule it looks at every matcher, also where the answer is already clear.
import { compileMatcher } from './compile-matcher.ts';
import type { RequestHead } from './request-head.ts';
import type { MatcherName, RuleNode } from './rule-node.ts';

export type RuleExplanation =
  | {
      readonly kind: 'and' | 'or' | 'not';
      readonly matched: boolean;
      readonly parts: readonly RuleExplanation[];
    }
  | {
      readonly kind: 'match';
      readonly matched: boolean;
      readonly matcher: MatcherName;
      readonly args: readonly string[];
      readonly position: number;
    };

/** Explains one rule. Chains of the same operator are one node with many parts. Not for the hot path. */
export function explainRule(rule: RuleNode, head: RequestHead): RuleExplanation {
  if (rule.kind === 'match') {
    const { matcher, args, position } = rule;
    return { kind: 'match', matched: compileMatcher(rule, new Map())(head), matcher, args, position };
  }
  if (rule.kind === 'not') {
    const part = explainRule(rule.node, head);
    return { kind: 'not', matched: !part.matched, parts: [part] };
  }
  const parts = [...operands(rule, rule.kind)].map((part) => explainRule(part, head));
  const matched =
    rule.kind === 'and' ? parts.every((part) => part.matched) : parts.some((part) => part.matched);
  return { kind: rule.kind, matched, parts };
}

function* operands(rule: RuleNode, kind: 'and' | 'or'): Generator<RuleNode> {
  if (rule.kind !== kind) {
    yield rule;
    return;
  }
  yield* operands(rule.left, kind);
  yield* operands(rule.right, kind);
}
