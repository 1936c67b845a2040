// Checks one call in Traefik v2 syntax (ruleSyntax: v2) and translates it to the matchers of v3.
import type { RegexpChecker } from './check-regexp.ts';
import { checkHost, checkRange } from './check-v3-matcher.ts';
import {
  type CallArgument,
  type MatcherCall,
  type RuleReport,
  toFault,
  toMatch,
  writeCall,
} from './matcher-call.ts';
import { joinNodes, type RuleNode } from './rule-node.ts';
import { isTemplate, templateToRegexp } from './v2-template.ts';

/** The matchers of Traefik v2 (reference "Routers", "Rule", v2.11). */
export const v2MatcherNames = [
  'Host',
  'HostHeader',
  'HostRegexp',
  'Path',
  'PathPrefix',
  'Method',
  'Headers',
  'HeadersRegexp',
  'Query',
  'ClientIP',
] as const;

/** One of them. */
export type V2MatcherName = (typeof v2MatcherNames)[number];

/** The node of a v2 call, or undefined after reporting why there is none. */
export function translateV2Matcher(
  call: MatcherCall & { readonly name: V2MatcherName },
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
  const { name, args, position } = call;
  const empty = args.find((argument) => argument.value === '');
  if (args.length === 0 || empty) {
    const message = empty ? `${name} has an empty argument.` : `${name} needs an argument.`;
    report.faults.push(toFault(message, empty?.position ?? position));
    return undefined;
  }
  const join = (kind: 'and' | 'or', nodes: readonly (RuleNode | undefined)[]): RuleNode | undefined => {
    const [first, ...rest] = nodes.filter((node) => node !== undefined);
    return first && rest.length + 1 === nodes.length ? joinNodes(kind, [first, ...rest]) : undefined;
  };
  const each = (translate: (argument: CallArgument) => RuleNode | undefined): RuleNode | undefined =>
    join('or', args.map(translate));
  switch (name) {
    case 'Host':
    case 'HostHeader':
      return each((argument) => translateHost(call, argument, report));
    case 'HostRegexp':
      return each((argument) => translateTemplate(call, argument, 'host', report, checkSource));
    case 'Path':
      return each((argument) => translatePath(call, argument, 'path', report, checkSource));
    case 'PathPrefix':
      return each((argument) => translatePath(call, argument, 'prefix', report, checkSource));
    case 'Method':
      return each((argument) => toMatch(call, 'Method', argument.value.toUpperCase()));
    case 'ClientIP':
      return each((argument) =>
        checkRange(argument, report) ? toMatch(call, 'ClientIP', argument.value) : undefined,
      );
    case 'Headers':
    case 'HeadersRegexp':
      return join('and', translateHeaders(call, report, checkSource));
    case 'Query':
      return join(
        'and',
        args.map((argument) => translateQuery(call, argument, report, checkSource)),
      );
  }
}

function translateHost(call: MatcherCall, argument: CallArgument, report: RuleReport): RuleNode | undefined {
  if (argument.value.includes('*')) {
    // v2 compared the star literally, so nothing matched. Reading it as v3 does would open the router to more hosts.
    const hint = 'Write HostRegexp(`{sub:[^.]+}.example.com`), or set ruleSyntax to v3.';
    report.faults.push(toFault('Hosts have no wildcards in v2 syntax.', argument.position, hint));
    return undefined;
  }
  const host = checkHost(argument, report);
  return host === undefined ? undefined : toMatch(call, 'Host', host);
}

function translatePath(
  call: MatcherCall,
  argument: CallArgument,
  use: 'path' | 'prefix',
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
  if (!argument.value.startsWith('/')) {
    const hint = `Write ${writeCall(call.name, `/${argument.value}`)}.`;
    report.faults.push(toFault('The path does not begin with "/".', argument.position, hint));
    return undefined;
  }
  if (isTemplate(argument.value)) return translateTemplate(call, argument, use, report, checkSource);
  return toMatch(call, use === 'path' ? 'Path' : 'PathPrefix', argument.value);
}

function translateTemplate(
  call: MatcherCall,
  argument: CallArgument,
  use: 'host' | 'path' | 'prefix',
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
  const regexp = checkedTemplate(argument, argument.value, use, report, checkSource);
  return regexp === undefined
    ? undefined
    : toMatch(call, use === 'host' ? 'HostRegexp' : 'PathRegexp', regexp);
}

function checkedTemplate(
  argument: CallArgument,
  template: string,
  use: 'host' | 'path' | 'prefix' | 'query',
  report: RuleReport,
  checkSource: RegexpChecker,
): string | undefined {
  const regexp = templateToRegexp(template, use);
  if (regexp === undefined) {
    const hint = 'Write {name} or {name:regexp}, with balanced braces.';
    report.faults.push(toFault(`"${template}" is not a template.`, argument.position, hint));
    return undefined;
  }
  const fault = checkSource(regexp);
  if (fault !== undefined) report.faults.push(toFault(fault.message, argument.position, fault.hint));
  return fault === undefined ? regexp : undefined;
}

function translateHeaders(
  call: MatcherCall,
  report: RuleReport,
  checkSource: RegexpChecker,
): (RuleNode | undefined)[] {
  if (call.args.length % 2 !== 0) {
    report.faults.push(toFault(`${call.name} takes pairs of a name and a value.`, call.position));
    return [undefined];
  }
  const nodes: (RuleNode | undefined)[] = [];
  for (let index = 0; index < call.args.length; index += 2) {
    const [key, value] = call.args.slice(index, index + 2);
    if (!key || !value) continue;
    if (call.name === 'Headers') {
      nodes.push(toMatch(call, 'Header', key.value, value.value));
      continue;
    }
    const fault = checkSource(value.value);
    if (fault !== undefined) report.faults.push(toFault(fault.message, value.position, fault.hint));
    nodes.push(fault === undefined ? toMatch(call, 'HeaderRegexp', key.value, value.value) : undefined);
  }
  return nodes;
}

function translateQuery(
  call: MatcherCall,
  argument: CallArgument,
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
  const equals = argument.value.indexOf('=');
  if (equals <= 0) {
    const message = 'Query takes arguments of the form "key=value" in v2 syntax.';
    report.faults.push(
      toFault(message, argument.position, `Write ${writeCall('Query', `${argument.value}=`)}.`),
    );
    return undefined;
  }
  const key = argument.value.slice(0, equals);
  const value = argument.value.slice(equals + 1);
  // An empty value asks only for the key (gorilla/mux, Queries). Of a repeated key gorilla/mux sees the first value
  // only; here any value may match, as in v3.
  if (value === '') return toMatch(call, 'QueryRegexp', key, '^');
  if (!isTemplate(value)) return toMatch(call, 'Query', key, value);
  const regexp = checkedTemplate(argument, value, 'query', report, checkSource);
  return regexp === undefined ? undefined : toMatch(call, 'QueryRegexp', key, regexp);
}
