// Judges the regexps of one rule while it is parsed. What they cost to compile is bounded for each and for all together,
// so that no label can hold the thread that reads it.
import type { GenerationMemo } from '../../lib/generation-memo.ts';
import { compileRegexp } from './compile-regexp.ts';

/** Why a regexp cannot be used. */
export type RegexpFault = { readonly message: string; readonly hint?: string | undefined };

/** Judges a regexp; undefined when it can be used. */
export type RegexpChecker = (source: string) => RegexpFault | undefined;

/** Judges the regexps of one rule, and adds up what they cost, in units of about 10 ns. */
export type RuleJudge = { readonly check: RegexpChecker; readonly work: () => number };

/** What is known of a regexp without its compiled form, which would fill the memory. */
export type RegexpVerdict = { readonly work: number; readonly fault?: RegexpFault };

/**
 * Most that the regexps of one rule may cost to compile, in units of about 10 ns. A rule with three hundred large ones
 * took a second; ordinary ones take 2,000 to 50,000 each.
 */
const maxWorkOfRule = 600_000;

/** For rules that have been checked: a worker never judges validity again. */
export const trustRegexps: RegexpChecker = () => undefined;

/** Gives a judge for one rule after the other; `memo` keeps verdicts between them. */
export function createRegexpJudge(memo?: GenerationMemo<RegexpVerdict>): () => RuleJudge {
  const judge = (source: string): RegexpVerdict => {
    const compiled = compileRegexp(source);
    if (compiled.ok) return { work: compiled.work };
    const { work, message, hint } = compiled;
    return { work, fault: { message, hint } };
  };
  return () => {
    let work = 0;
    const check: RegexpChecker = (source) => {
      // What is remembered costs as much as what is not, so that a rule is judged alike at any time.
      if (work > maxWorkOfRule) return tooMuch;
      const verdict = memo === undefined ? judge(source) : memo(source, () => judge(source));
      work += verdict.work;
      return verdict.fault ?? (work > maxWorkOfRule ? tooMuch : undefined);
    };
    return { check, work: () => work };
  };
}

const tooMuch: RegexpFault = {
  message: 'The regular expressions of this rule are too large, all of them together.',
  hint: 'Split the rule into several routers, or use fewer and simpler regular expressions.',
};
