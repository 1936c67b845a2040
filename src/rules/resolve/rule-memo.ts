// Remembers what is wrong with a rule by its text, so that a rule is parsed once however often its router is declared
// anew. The tree is not kept: the data plane compiles its own.
import { parseRule, type RuleFault, type RuleSyntax } from '../routing/parse-rule.ts';

/** What is wrong with a rule. */
export type CheckedRule = {
  /** Not empty: the rule cannot be used. */
  readonly faults: readonly RuleFault[];
  readonly warnings: readonly RuleFault[];
};

/** Checks a rule, or remembers what came of it. */
export type RuleMemo = (text: string, syntax: RuleSyntax) => CheckedRule;

/** Texts kept before the older half is forgotten: more than the largest gateway has routers, and a few megabytes. */
const generationSize = 20_000;

/** A memo of two generations: what was not asked for while `generationSize` others were new is forgotten. */
export function createRuleMemo(): RuleMemo {
  let young = new Map<string, CheckedRule>();
  let old = new Map<string, CheckedRule>();
  return (text, syntax) => {
    const key = `${syntax} ${text}`;
    const known = young.get(key);
    if (known !== undefined) return known;
    if (young.size >= generationSize) {
      old = young;
      young = new Map();
    }
    const checked = old.get(key) ?? checkRule(text, syntax);
    young.set(key, checked);
    return checked;
  };
}

function checkRule(text: string, syntax: RuleSyntax): CheckedRule {
  const parsed = parseRule(text, syntax);
  return parsed.ok ? { faults: [], warnings: parsed.warnings } : { faults: parsed.faults, warnings: [] };
}
