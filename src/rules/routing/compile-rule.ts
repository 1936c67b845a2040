// A tree of matchers → one predicate, made of small closures that are allocated once.
import { compileMatcher, type HeadPredicate } from './compile-matcher.ts';
import { createRegexpCache, type RegexpCache } from './compile-regexp.ts';
import type { RuleNode } from './rule-node.ts';

/**
 * Compiles a rule that parseRule accepted. The cache shares compiled regexps among rules; leave it out for a single one.
 */
export function compileRule(rule: RuleNode, cache: RegexpCache = createRegexpCache()): HeadPredicate {
  switch (rule.kind) {
    case 'match':
      return compileMatcher(rule, cache);
    case 'not': {
      const inner = compileRule(rule.node, cache);
      return (head) => !inner(head);
    }
    case 'and': {
      const left = compileRule(rule.left, cache);
      const right = compileRule(rule.right, cache);
      return (head) => left(head) && right(head);
    }
    case 'or': {
      const left = compileRule(rule.left, cache);
      const right = compileRule(rule.right, cache);
      return (head) => left(head) || right(head);
    }
  }
}
