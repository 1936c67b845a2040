// What the grammar hands to the checkers of both syntaxes: one call with its literals, and a place for findings.
import type { MatchNode, RuleFault } from './rule-node.ts';

/** One literal; `position` is that of its quote. */
export type CallArgument = { readonly value: string; readonly position: number };

/** A call as written, with the matcher's name in its canonical spelling. */
export type MatcherCall = {
  readonly name: string;
  readonly args: readonly CallArgument[];
  readonly position: number;
};

/** Collects what is wrong with a rule. A rule with one fault or more is not used; warnings do not stop it. */
export type RuleReport = {
  readonly faults: RuleFault[];
  readonly warnings: RuleFault[];
};

/** Builds a fault without an undefined hint, which exactOptionalPropertyTypes forbids. */
export function toFault(message: string, position: number, hint?: string): RuleFault {
  return hint === undefined ? { message, position } : { message, position, hint };
}

/** Builds one matcher of the tree at the place of its call. */
export function toMatch<M extends string>(
  call: MatcherCall,
  matcher: M,
  ...args: readonly string[]
): MatchNode<M> {
  return { kind: 'match', matcher, args, position: call.position };
}

/** A string as a user would write it in a rule. */
export function quoteForRule(value: string): string {
  return value.includes('`') ? JSON.stringify(value) : `\`${value}\``;
}

/** A call as a user would write it, for hints. */
export function writeCall(name: string, ...args: readonly string[]): string {
  return `${name}(${args.map(quoteForRule).join(', ')})`;
}
