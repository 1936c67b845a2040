// Remembers what is wrong with a rule by its text, so that a rule is parsed once however often its router is declared
// anew. The tree is not kept: the data plane compiles its own.
import { createGenerationMemo } from '../../lib/generation-memo.ts';
import { createRegexpJudge } from '../routing/check-regexp.ts';
import { parseRule, parseTcpRule, type RuleFault, type RuleSyntax } from '../routing/parse-rule.ts';

/** What is wrong with a rule. */
export type CheckedRule = {
  /** Not empty: the rule cannot be used. */
  readonly faults: readonly RuleFault[];
  readonly warnings: readonly RuleFault[];
  /** What its regexps cost to compile, in units of about 10 ns. */
  readonly work: number;
};

/** Of HTTP routers one of two, of TCP routers one of their own. */
export type RuleLanguage = RuleSyntax | 'tcp';

/** Checks a rule, or remembers what came of it. */
export type RuleMemo = (text: string, language: RuleLanguage) => CheckedRule;

/** More than the largest gateway has routers, and a few megabytes. */
const generationSize = 20_000;

/** A memo of rules, and of their regexps, which many rules may share. */
export function createRuleMemo(): RuleMemo {
  const memo = createGenerationMemo<CheckedRule>(generationSize);
  const nextJudge = createRegexpJudge(createGenerationMemo(generationSize));
  return (text, language) =>
    memo(`${language} ${text}`, () => {
      const judge = nextJudge();
      const parsed =
        language === 'tcp' ? parseTcpRule(text, judge.check) : parseRule(text, language, judge.check);
      return parsed.ok
        ? { faults: [], warnings: parsed.warnings, work: judge.work() }
        : // A rule that is not used costs nothing more.
          { faults: parsed.faults, warnings: [], work: 0 };
    });
}
