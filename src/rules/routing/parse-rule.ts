// Rule text → tree. All that can be wrong with a rule is found here, once, with its position; a tree that came out
// of here compiles. Grammar: `||` binds weaker than `&&`, which binds weaker than `!`, as in Go.

import { nearestName } from '../../lib/nearest.ts';
import { createRegexpJudge, type RegexpChecker } from './check-regexp.ts';
import { checkTcpMatcher } from './check-tcp-matcher.ts';
import { checkV3Matcher } from './check-v3-matcher.ts';
import { type MatcherCall, type RuleReport, toFault, writeCall } from './matcher-call.ts';
import { type ParseResult, parseGrammar } from './parse-grammar.ts';
import {
  type MatcherName,
  matcherNames,
  type RuleFault,
  type RuleNode,
  type TcpMatcherName,
  tcpMatcherNames,
} from './rule-node.ts';
import { translateV2Matcher, type V2MatcherName, v2MatcherNames } from './translate-v2-matcher.ts';

export type { RuleFault, RuleNode } from './rule-node.ts';

/** The language of Traefik v3, or that of v2. */
export type RuleSyntax = 'v3' | 'v2';

/** A rule that compiles, or everything that is wrong with it. */
export type ParseRuleResult = ParseResult<MatcherName>;

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
  return parseGrammar(text, (call, report) => checkCall(call, syntax, report, checkSource));
}

/** Parses the rule of a TCP router, of which there is one language. */
export function parseTcpRule(
  text: string,
  checkSource: RegexpChecker = createRegexpJudge()().check,
): ParseResult<TcpMatcherName> {
  return parseGrammar(text, (call, report) => {
    const name = canonicalName(call.name, tcpMatcherNames);
    if (name !== undefined) return checkTcpMatcher({ ...call, name }, report, checkSource);
    const known = `Known matchers of TCP routers are ${tcpMatcherNames.join(', ')}.`;
    const near = canonicalName(call.name, matcherNames) ? undefined : nearestName(call.name, tcpMatcherNames);
    const message = `TCP routers have no matcher "${call.name}".`;
    report.faults.push(toFault(message, call.position, near ? `Did you mean ${near}?` : known));
    return undefined;
  });
}

function checkCall(
  call: MatcherCall,
  syntax: RuleSyntax,
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
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
