// Checks one call in Traefik v3 syntax and makes its node. Habits of v2 get the v3 spelling as a hint; those that can
// only mean one thing are understood, with a warning.
import { domainToASCII } from 'node:url';
import type { RegexpChecker } from './check-regexp.ts';
import {
  type CallArgument,
  type MatcherCall,
  type RuleReport,
  toFault,
  toMatch,
  writeCall,
} from './matcher-call.ts';
import { parseAddressRange } from './parse-address-range.ts';
import { joinNodes, type MatcherName, type RuleNode } from './rule-node.ts';
import { templateToRegexp } from './v2-template.ts';

/** How many arguments a matcher takes; `any` ones took a list in v2, of which one had to match. */
const arity: Readonly<
  Record<MatcherName, { readonly min: number; readonly max: number; readonly any?: true }>
> = {
  Host: { min: 1, max: 1, any: true },
  HostRegexp: { min: 1, max: 1, any: true },
  Path: { min: 1, max: 1, any: true },
  PathPrefix: { min: 1, max: 1, any: true },
  PathRegexp: { min: 1, max: 1 },
  Method: { min: 1, max: 1, any: true },
  Header: { min: 2, max: 2 },
  HeaderRegexp: { min: 2, max: 2 },
  Query: { min: 1, max: 2 },
  QueryRegexp: { min: 1, max: 2 },
  ClientIP: { min: 1, max: 1, any: true },
};

/** The node of a v3 call, or undefined after reporting why there is none. */
export function checkV3Matcher(
  call: MatcherCall & { readonly name: MatcherName },
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
  const { name, args, position } = call;
  const takes = arity[name];
  if (args.length < takes.min || (args.length > takes.max && !takes.any)) {
    const count = takes.min === takes.max ? `${takes.min}` : `${takes.min} or ${takes.max}`;
    const noun = count === '1' ? 'argument' : 'arguments';
    report.faults.push(
      toFault(`${name} takes ${count} ${noun}, not ${args.length}.`, position, arityHint(call)),
    );
    return undefined;
  }
  const empty = args.find((argument) => argument.value === '');
  if (empty) {
    report.faults.push(toFault(`${name} has an empty argument.`, empty.position));
    return undefined;
  }
  if (!takes.any) return checkArguments(call, args, report, checkSource);
  if (args.length > 1) {
    const written = args.map((argument) => writeCall(name, argument.value)).join(' || ');
    const message = `${name} with several arguments is v2 syntax, which Traefik v3 refuses; it is read as "or".`;
    report.warnings.push(toFault(message, position, `Write ${written}.`));
  }
  const nodes = args.map((argument) => checkArguments(call, [argument], report, checkSource));
  const [first, ...rest] = nodes.filter((node) => node !== undefined);
  return first && rest.length + 1 === nodes.length ? joinNodes('or', [first, ...rest]) : undefined;
}

function checkArguments(
  call: MatcherCall & { readonly name: MatcherName },
  args: readonly CallArgument[],
  report: RuleReport,
  checkSource: RegexpChecker,
): RuleNode | undefined {
  const [first, second] = args;
  if (!first) return undefined;
  const node = (...values: readonly string[]): RuleNode => toMatch(call, call.name, ...values);
  const values = args.map((argument) => argument.value);
  switch (call.name) {
    case 'Host': {
      const host = checkHost(first, report);
      return host === undefined ? undefined : node(host);
    }
    case 'HostRegexp':
      if (!isAscii(first.value)) return refuseNonAscii(call.name, first, report);
      return checkRegexp(call, first, report, checkSource) ? node(first.value) : undefined;
    case 'PathRegexp':
      return checkRegexp(call, first, report, checkSource) ? node(first.value) : undefined;
    case 'Path':
    case 'PathPrefix':
      return checkPath(call, first, report) ? node(first.value) : undefined;
    case 'Method':
      return node(first.value.toUpperCase());
    case 'ClientIP':
      return checkRange(first, report) ? node(first.value) : undefined;
    case 'Header':
      return node(...values);
    case 'HeaderRegexp':
      return second && checkRegexp(call, second, report, checkSource) ? node(...values) : undefined;
    case 'Query':
      if (!second && first.value.includes('=')) {
        const [key = '', ...rest] = first.value.split('=');
        const message =
          'Query with key and value in one argument is v2 syntax; in v3 it names a key with "=" in it.';
        report.warnings.push(
          toFault(message, first.position, `Write ${writeCall('Query', key, rest.join('='))}.`),
        );
      }
      return node(...values);
    case 'QueryRegexp':
      // Traefik reads QueryRegexp with a key alone as Query: the key is present with an empty value.
      if (!second) return toMatch(call, 'Query', first.value);
      return checkRegexp(call, second, report, checkSource) ? node(...values) : undefined;
  }
}

/** The canonical form of a Host argument (lower case, no final dot, IPv6 without brackets), or undefined. */
export function checkHost(argument: CallArgument, report: RuleReport): string | undefined {
  if (!isAscii(argument.value)) return refuseNonAscii('Host', argument, report);
  const lower = argument.value.toLowerCase();
  const host = lower.replace(/^\[([0-9a-f:.]+)\]$/, '$1').replace(/(?<=.)\.$/, '');
  const reason = whyNoHostMatches(host);
  if (reason) report.warnings.push(toFault(reason.message, argument.position, reason.hint));
  return host;
}

function whyNoHostMatches(host: string): { message: string; hint: string } | undefined {
  if (host === '*') return undefined;
  const never = (why: string): string => `No request can match this host: ${why}.`;
  const scheme = /^[a-z]+:\/\//.exec(host)?.[0];
  if (scheme) return { message: never('it has a scheme'), hint: `Leave out "${scheme}".` };
  if (host.includes('/'))
    return { message: never('it has a path'), hint: 'Add && PathPrefix(`/…`) for the path.' };
  if (/^[^:]*:\d+$/.test(host)) {
    return { message: never('it has a port'), hint: 'Leave out the port; entryPoints choose the port.' };
  }
  if (/\{.*\}/.test(host)) {
    return {
      message: never('it has braces, a v2 template'),
      hint: 'Use HostRegexp with a regular expression.',
    };
  }
  const tail = host.startsWith('*.') ? host.slice(2) : host;
  if (tail.includes('*')) {
    return {
      message: never('"*" stands for exactly one label, the first one'),
      hint: 'Write Host(`*.example.com`), or use HostRegexp.',
    };
  }
  if (/[^a-z0-9._:-]/.test(tail) || tail === '' || /^\.|\.\./.test(tail)) {
    return { message: never('it is not a host name'), hint: 'Write a name such as example.com.' };
  }
  return undefined;
}

function checkPath(call: MatcherCall, argument: CallArgument, report: RuleReport): boolean {
  if (!argument.value.startsWith('/')) {
    const hint = `Write ${writeCall(call.name, `/${argument.value}`)}.`;
    report.faults.push(toFault(`The path does not begin with "/".`, argument.position, hint));
    return false;
  }
  const regexp =
    v2Template(argument.value) && templateToRegexp(argument.value, call.name === 'Path' ? 'path' : 'prefix');
  if (!regexp) return true;
  const hint = `Write ${writeCall('PathRegexp', regexp)}, or set ruleSyntax to v2.`;
  // A colon after the name leaves no doubt; `{id}` alone could be meant literally, as Traefik v3 reads it.
  const list = /\{[\w-]+:/.test(argument.value) ? report.faults : report.warnings;
  list.push(
    toFault(
      `${call.name} with a {template} is v2 syntax; in v3 braces are plain characters.`,
      argument.position,
      hint,
    ),
  );
  return list === report.warnings;
}

function checkRegexp(
  call: MatcherCall,
  argument: CallArgument,
  report: RuleReport,
  checkSource: RegexpChecker,
): boolean {
  if ((call.name === 'HostRegexp' || call.name === 'PathRegexp') && v2Template(argument.value)) {
    const regexp = templateToRegexp(argument.value, call.name === 'HostRegexp' ? 'host' : 'path');
    const hint = regexp && `Write ${writeCall(call.name, regexp)}, or set ruleSyntax to v2.`;
    const message = `${call.name} with a {template} is v2 syntax; v3 takes a plain regular expression.`;
    report.faults.push(toFault(message, argument.position, hint));
    return false;
  }
  const fault = checkSource(argument.value);
  if (fault !== undefined) report.faults.push(toFault(fault.message, argument.position, fault.hint));
  return fault === undefined;
}

/** Reports an argument of ClientIP that is neither an address nor a CIDR. */
export function checkRange(argument: CallArgument, report: RuleReport): boolean {
  if (parseAddressRange(argument.value)) return true;
  const hint = 'Write ClientIP(`192.168.1.7`) or ClientIP(`192.168.0.0/16`).';
  report.faults.push(
    toFault(`"${argument.value}" is neither an IP address nor a CIDR.`, argument.position, hint),
  );
  return false;
}

function refuseNonAscii(name: string, argument: CallArgument, report: RuleReport): undefined {
  const ascii = name === 'Host' ? domainToASCII(argument.value) : '';
  const hint = ascii === '' ? undefined : `Write ${writeCall('Host', ascii)}.`;
  report.faults.push(toFault(`${name} takes ASCII characters only.`, argument.position, hint));
  return undefined;
}

function arityHint(call: MatcherCall): string | undefined {
  const values = call.args.map((argument) => argument.value);
  if (
    (call.name === 'Header' || call.name === 'HeaderRegexp') &&
    values.length > 2 &&
    values.length % 2 === 0
  ) {
    const pairs = values.flatMap((value, index) =>
      index % 2 === 0 ? [[value, values[index + 1] ?? '']] : [],
    );
    return `Write ${pairs.map((pair) => writeCall(call.name, ...pair)).join(' && ')}.`;
  }
  if (call.name === 'PathRegexp' && values.length > 1) {
    return `Write ${values.map((value) => writeCall(call.name, value)).join(' || ')}.`;
  }
  return undefined;
}

/** `{name}` or `{name:regexp}`, but neither a repetition `{2,3}` nor a class `\p{Greek}` nor a rune `\x{e9}`. */
export function v2Template(value: string): boolean {
  return /(?<!\\[pPx])\{[A-Za-z_][\w-]*(?::[^}]*)?\}/.test(value);
}

/** Whether no character lies beyond U+007F. */
export function isAscii(value: string): boolean {
  return /^[\x00-\x7f]*$/.test(value);
}
