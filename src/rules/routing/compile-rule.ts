// A tree of matchers → one predicate, made of small closures that are allocated once.
import { compileMatcher, type HeadPredicate } from './compile-matcher.ts';
import { createRegexpCache, type RegexpCache } from './compile-regexp.ts';
import type { MatchNode, RuleNode } from './rule-node.ts';

/**
 * Compiles a rule that parseRule accepted. The cache shares compiled regexps among rules; leave it out for a single one.
 */
export function compileRule(rule: RuleNode, cache: RegexpCache = createRegexpCache()): HeadPredicate {
  return compileTree(rule, (node) => compileMatcher(node, cache));
}

/** Compiles a tree of any matchers, of which each is made a predicate by `compileLeaf`. */
export function compileTree<M extends string, Subject>(
  rule: RuleNode<M>,
  compileLeaf: (node: MatchNode<M>) => (subject: Subject) => boolean,
): (subject: Subject) => boolean {
  switch (rule.kind) {
    case 'match':
      return compileLeaf(rule);
    case 'not': {
      const inner = compileTree(rule.node, compileLeaf);
      return (subject) => !inner(subject);
    }
    case 'and': {
      const left = compileTree(rule.left, compileLeaf);
      const right = compileTree(rule.right, compileLeaf);
      return (subject) => left(subject) && right(subject);
    }
    case 'or': {
      const left = compileTree(rule.left, compileLeaf);
      const right = compileTree(rule.right, compileLeaf);
      return (subject) => left(subject) || right(subject);
    }
  }
}
