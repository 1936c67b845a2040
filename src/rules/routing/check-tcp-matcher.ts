// Checks one call in the rule of a TCP router and makes its node. Source: Traefik v3.7, pkg/muxer/tcp/matcher.go.
import type { RegexpChecker } from './check-regexp.ts';
import { checkRange, isAscii, v2Template } from './check-v3-matcher.ts';
import {
  type CallArgument,
  type MatcherCall,
  type RuleReport,
  toFault,
  toMatch,
  writeCall,
} from './matcher-call.ts';
import type { TcpMatcherName, TcpRuleNode } from './rule-node.ts';
import { templateToRegexp } from './v2-template.ts';

type TcpCall = MatcherCall & { readonly name: TcpMatcherName };

/** Of the challenge of ACME by TLS (RFC 8737), which no rule may take away from the gateway (Traefik refuses it too). */
const acmeProtocol = 'acme-tls/1';

/** The node of a call, or undefined after reporting why there is none. */
export function checkTcpMatcher(
  call: TcpCall,
  report: RuleReport,
  checkSource: RegexpChecker,
): TcpRuleNode | undefined {
  const { name, args, position } = call;
  const [argument] = args;
  if (argument === undefined || args.length > 1) {
    const hint =
      args.length > 1 ? `Write ${args.map(({ value }) => writeCall(name, value)).join(' || ')}.` : undefined;
    report.faults.push(toFault(`${name} takes 1 argument, not ${args.length}.`, position, hint));
    return undefined;
  }
  if (argument.value === '') {
    report.faults.push(toFault(`${name} has an empty argument.`, argument.position));
    return undefined;
  }
  const value = checkArgument(call, argument, report, checkSource);
  return value === undefined ? undefined : toMatch(call, name, value);
}

function checkArgument(
  { name }: TcpCall,
  argument: CallArgument,
  report: RuleReport,
  checkSource: RegexpChecker,
): string | undefined {
  switch (name) {
    case 'HostSNI':
      return checkName(argument, report);
    case 'HostSNIRegexp':
      return checkRegexp(argument, report, checkSource) ? argument.value : undefined;
    case 'ClientIP':
      return checkRange(argument, report) ? argument.value : undefined;
    case 'ALPN': {
      if (argument.value !== acmeProtocol) return argument.value;
      report.faults.push(toFault(`ALPN cannot be "${acmeProtocol}".`, argument.position));
      return undefined;
    }
  }
}

/** In lower case, without a dot at the end. */
function checkName({ value, position }: CallArgument, report: RuleReport): string | undefined {
  if (value === '*' || /^(\*\.)?[\w.:-]+$/.test(value)) return value.toLowerCase().replace(/(?<=.)\.$/, '');
  const hint = value.includes('*')
    ? 'Write HostSNI(`*`), HostSNI(`*.example.com`), or use HostSNIRegexp.'
    : 'Write a name such as db.example.com.';
  report.faults.push(toFault(`"${value}" is no host name.`, position, hint));
  return undefined;
}

function checkRegexp(argument: CallArgument, report: RuleReport, checkSource: RegexpChecker): boolean {
  const { value, position } = argument;
  if (!isAscii(value)) {
    report.faults.push(toFault('HostSNIRegexp takes ASCII characters only.', position));
    return false;
  }
  if (v2Template(value)) {
    const regexp = templateToRegexp(value, 'host');
    const message = 'HostSNIRegexp with a {template} is v2 syntax; Berth takes a plain regular expression.';
    report.faults.push(toFault(message, position, regexp && `Write ${writeCall('HostSNIRegexp', regexp)}.`));
    return false;
  }
  const fault = checkSource(value);
  if (fault !== undefined) report.faults.push(toFault(fault.message, position, fault.hint));
  return fault === undefined;
}
