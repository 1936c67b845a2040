// Rule text → tree. All that can be wrong with a rule is found here, once, with its position; a tree that came out
// of here compiles. Grammar: `||` binds weaker than `&&`, which binds weaker than `!`, as in Go.

import { nearestName } from '../../lib/nearest.ts';
import { createRegexpJudge, type RegexpChecker } from './check-regexp.ts';
import { checkV3Matcher } from './check-v3-matcher.ts';
import { type CallArgument, type MatcherCall, type RuleReport, toFault, writeCall } from './matcher-call.ts';
import { joinNodes, type MatcherName, matcherNames, type RuleFault, type RuleNode } from './rule-node.ts';
import { type Token, tokeniseRule } from './tokenise-rule.ts';
import { translateV2Matcher, type V2MatcherName, v2MatcherNames } from './translate-v2-matcher.ts';

export type { RuleFault, RuleNode } from './rule-node.ts';

/** The language of Traefik v3, or that of v2. */
export type RuleSyntax = 'v3' | 'v2';

/** A rule that compiles, or everything that is wrong with it. */
export type ParseRuleResult =
  | { readonly ok: true; readonly rule: RuleNode; readonly warnings: readonly RuleFault[] }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** Deepest nesting of parentheses and negations: far beyond any rule of a person, far below the stack's end. */
const maxNesting = 100;

/**
 * Parses a rule. The first error of grammar ends the parse; faults of arguments (unknown matcher, number of
 * arguments, regexps, CIDRs) are all reported together. Warnings come with a usable rule. `checkSource` judges the
 * regexps; left out, each is compiled and judged by its cost.
 */
export function parseRule(
  text: string,
  syntax: RuleSyntax,
  checkSource: RegexpChecker = createRegexpJudge()().check,
): ParseRuleResult {
  const cut = tokeniseRule(text);
  if (!cut.ok) return { ok: false, faults: [cut.fault] };
  const report: RuleReport = { faults: [], warnings: [] };
  const parser = createParser(cut.tokens, syntax, report, checkSource);
  try {
    const rule = parser.readRule();
    if (report.faults.length === 0 && rule) return { ok: true, rule, warnings: report.warnings };
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    report.faults.push(error.fault);
  }
  return { ok: false, faults: report.faults };
}

/** Ends a parse from any depth; never leaves this file. */
class GrammarError extends Error {
  readonly fault: RuleFault;
  constructor(fault: RuleFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Undefined stands for a part that was reported as faulty: reading goes on, to find the next fault. */
type Part = RuleNode | undefined;

function createParser(
  tokens: readonly Token[],
  syntax: RuleSyntax,
  report: RuleReport,
  checkSource: RegexpChecker,
): { readRule(): Part } {
  const end: Token = { kind: 'end', text: '', position: 0 };
  let index = 0;
  let nesting = 0;
  const peek = (): Token => tokens[index] ?? end;
  const take = (): Token => tokens[index++] ?? end;

  const readRule = (): Part => {
    if (peek().kind === 'end') throw new GrammarError(toFault('The rule is empty.', 0));
    const rule = readOperators('||');
    if (peek().kind !== 'end') throw unexpected(peek(), '&&, || or the end of the rule');
    return rule;
  };

  const readOperators = (operator: '||' | '&&'): Part => {
    const parts = [operator === '||' ? readOperators('&&') : readUnary()];
    while (peek().kind === operator) {
      take();
      parts.push(operator === '||' ? readOperators('&&') : readUnary());
    }
    const [first, ...rest] = parts.filter((part) => part !== undefined);
    return first && rest.length + 1 === parts.length
      ? joinNodes(operator === '||' ? 'or' : 'and', [first, ...rest])
      : undefined;
  };

  const readUnary = (): Part => {
    const token = take();
    if (token.kind === 'name') return readCall(token);
    if (token.kind !== '!' && token.kind !== '(')
      throw unexpected(token, 'a matcher such as Host(`example.com`)');
    nesting++;
    if (nesting > maxNesting)
      throw new GrammarError(toFault('The rule is nested too deeply.', token.position));
    const node = token.kind === '!' ? readUnary() : readOperators('||');
    nesting--;
    if (token.kind === '!') return node && { kind: 'not', node };
    if (peek().kind !== ')') throw unexpected(peek(), 'a closing parenthesis');
    take();
    return node;
  };

  const readCall = (name: Token): Part => {
    if (peek().kind !== '(') throw unexpected(peek(), `"(" after ${name.text}`, wordHint(name.text));
    take();
    const args: CallArgument[] = [];
    while (peek().kind !== ')') {
      const value = take();
      if (value.kind !== 'string') throw unexpected(value, 'a value in back-quotes');
      args.push({ value: value.text, position: value.position });
      if (peek().kind === ',') take();
      else if (peek().kind !== ')') throw unexpected(peek(), '"," or ")"');
    }
    take();
    return checkCall({ name: name.text, args, position: name.position }, syntax, report, checkSource);
  };

  return { readRule };
}

function unexpected(token: Token, wanted: string, hint?: string): GrammarError {
  if (token.kind === 'newline') {
    const message = 'A line cannot end here.';
    const lineHint = 'Put the operator at the end of the line, or write the rule in one line.';
    return new GrammarError(toFault(message, token.position, lineHint));
  }
  const found =
    token.kind === 'end' ? 'the rule ends' : token.kind === 'string' ? 'a string' : `"${token.text}"`;
  return new GrammarError(
    toFault(`Expected ${wanted}, found ${found}.`, token.position, hint ?? wordHint(token.text)),
  );
}

function wordHint(word: string): string | undefined {
  return { AND: 'Write && for "and".', OR: 'Write || for "or".', NOT: 'Write ! for "not".' }[
    word.toUpperCase()
  ];
}

function checkCall(
  call: MatcherCall,
  syntax: RuleSyntax,
  report: RuleReport,
  checkSource: RegexpChecker,
): Part {
  const v3 = canonicalName(call.name, matcherNames);
  const v2 = canonicalName(call.name, v2MatcherNames);
  if (syntax === 'v3' && v3) return checkV3Matcher({ ...call, name: v3 }, report, checkSource);
  if (syntax === 'v2' && v2) return translateV2Matcher({ ...call, name: v2 }, report, checkSource);
  report.faults.push(unknownMatcher(call, syntax, v3, v2));
  return undefined;
}

/** Traefik takes a name as it is, in lower case, in upper case, or in lower case with a capital. */
function canonicalName<Name extends string>(written: string, names: readonly Name[]): Name | undefined {
  return names.find((name) => {
    const lower = name.toLowerCase();
    const title = name.charAt(0) + lower.slice(1);
    return written === name || written === lower || written === name.toUpperCase() || written === title;
  });
}

function unknownMatcher(
  call: MatcherCall,
  syntax: RuleSyntax,
  v3: MatcherName | undefined,
  v2: V2MatcherName | undefined,
): RuleFault {
  if (v2) return toFault(`${v2} is a matcher of v2 syntax.`, call.position, `Write ${inV3(v2, call)}.`);
  if (v3) return toFault(`${v3} is a matcher of v3 syntax.`, call.position, 'Set ruleSyntax to v3.');
  const names: readonly string[] = syntax === 'v3' ? matcherNames : v2MatcherNames;
  const near = nearestName(call.name, names);
  const hint = near ? `Did you mean ${near}?` : `Known matchers are ${names.join(', ')}.`;
  return toFault(`There is no matcher "${call.name}".`, call.position, hint);
}

/** The v3 spelling of a call that only v2 has: HostHeader, Headers, HeadersRegexp. */
function inV3(name: V2MatcherName, call: MatcherCall): string {
  const values = call.args.map((argument) => argument.value);
  if (name === 'HostHeader') return values.map((value) => writeCall('Host', value)).join(' || ') || 'Host';
  const matcher = name === 'Headers' ? 'Header' : 'HeaderRegexp';
  const pairs = values.flatMap((value, at) =>
    at % 2 === 0 ? [writeCall(matcher, value, values[at + 1] ?? '')] : [],
  );
  return pairs.join(' && ') || matcher;
}
