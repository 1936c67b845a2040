// One declared TCP router or service → a checked one. Source: Traefik v3.7, pkg/server/router/tcp/manager.go.
import type { RelayOptions, TcpMiddleware, TcpRouter, TcpService } from '../../model/dynamic-config.ts';
import type { Declared, DeclaredTcpService } from '../../model/provider-config.ts';
import { type TcpBalancingOptions, type TcpRouterOptions, tcpName } from '../../model/tcp.ts';
import type { TcpMiddlewareOptions } from '../../model/tcp-middlewares.ts';
import { trustRegexps } from '../routing/check-regexp.ts';
import { serverNames, tcpPriority } from '../routing/compile-tcp-rule.ts';
import { parseTcpRule } from '../routing/parse-rule.ts';
import type { TcpRuleNode } from '../routing/rule-node.ts';
import { checkRanges } from './check-ranges.ts';
import { checkMiddlewares, checkService, lookupIn } from './reference-table.ts';
import { resolveTcpHealthCheck } from './resolve-health-check.ts';
import { checkRuleText, type RouterContext, resolveEntryPoints } from './resolve-router.ts';
import type { Resolution } from './resolve-service.ts';
import { openVerdict, type Verdict } from './verdict.ts';

/** Resolves a TCP service of `provider`. It depends on nothing but its declaration. */
export function resolveTcpService(provider: string, declared: DeclaredTcpService): Resolution<TcpService> {
  const verdict = openVerdict('service', provider, declared, tcpName);
  const relay = toRelayOptions(declared.options, verdict);
  const { healthCheck } = declared.options;
  const check = healthCheck && resolveTcpHealthCheck(healthCheck, verdict);
  const object: TcpService = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    replicas: declared.replicas,
    relay,
    ...(check === undefined ? {} : { healthCheck: check }),
  });
  return { object, found: verdict.found };
}

function toRelayOptions(
  { proxyProtocol, terminationDelay = -1 }: TcpBalancingOptions,
  verdict: Verdict,
): RelayOptions {
  const delay = terminationDelay < 0 ? {} : { terminationDelayMs: terminationDelay };
  const version = proxyProtocol && (proxyProtocol.version ?? 2);
  if (version === undefined) return delay;
  if (version === 1 || version === 2) return { ...delay, proxyProtocol: version };
  verdict.add({
    severity: 'error',
    code: 'bad-value',
    message: `There is no version ${version} of the PROXY protocol.`,
    hint: 'Write 1 or 2.',
    option: { key: 'loadBalancer.proxyProtocol.version', value: String(version) },
  });
  return delay;
}

/** Resolves a TCP middleware of `provider`. It depends on nothing but its declaration. */
export function resolveTcpMiddleware(
  provider: string,
  declared: Declared<TcpMiddlewareOptions>,
): Resolution<TcpMiddleware> {
  const verdict = openVerdict('middleware', provider, declared, tcpName);
  const { kind, options } = declared.options;
  if (verdict.status() !== 'disabled' && kind !== 'inFlightConn') {
    for (const finding of checkRanges(`${kind}.sourceRange`, options.sourceRange)) verdict.add(finding);
  }
  const object: TcpMiddleware = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    ...declared.options,
  });
  return { object, found: verdict.found };
}

/** Resolves a TCP router of `provider`; the tables of `context` are those of TCP. */
export function resolveTcpRouter(
  provider: string,
  declared: Declared<TcpRouterOptions>,
  context: RouterContext,
): Resolution<TcpRouter> {
  const { options } = declared;
  const verdict = openVerdict('router', provider, declared, tcpName);
  const excused = declared.faults.some(({ severity }) => severity === 'error');
  const text = options.rule ?? '';
  if (text !== '' || !excused) checkRuleText(text, 'tcp', context.checkRule, verdict);
  const parsed = parseTcpRule(text, trustRegexps);
  const rule = parsed.ok ? parsed.rule : undefined;
  const ruleSyntax = options.ruleSyntax ?? context.defaultRuleSyntax;
  if (rule !== undefined) {
    checkPlainRule(rule, options, verdict);
    if (ruleSyntax === 'v2') checkOldRule(rule, text, verdict);
  }
  const entryPoints = resolveEntryPoints(options.entryPoints, context, verdict);
  const service = checkService(verdict, options.service, provider, lookupIn(context.tables.services), {
    suggest: context.suggest,
    excused,
  });
  const known = lookupIn(context.tables.middlewares);
  const middlewares = checkMiddlewares(verdict, options.middlewares, provider, known, context.suggest);
  const object: TcpRouter = Object.freeze({
    name: `${declared.name}@${provider}`,
    provider,
    status: verdict.status(),
    errors: verdict.errors(),
    origins: declared.origins,
    rule: text,
    ruleSyntax,
    // Traefik reads 0 as "not set".
    priority: options.priority || tcpPriority(rule, text),
    entryPoints,
    middlewares,
    service,
    ...toTls(options.tls),
  });
  return { object, found: verdict.found };
}

/** Without TLS no name is ever known: only HostSNI(`*`) can be meant. */
function checkPlainRule(
  rule: TcpRuleNode,
  { tls, rule: text = '' }: TcpRouterOptions,
  verdict: Verdict,
): void {
  const [first = '*'] = serverNames(rule);
  if (tls !== undefined || first === '*') return;
  verdict.add({
    severity: 'error',
    code: 'bad-value',
    message: `HostSNI(\`${first}\`) needs TLS: connections without it name no server.`,
    hint: 'Set the option tls of the router (with tls.passthrough where the server has the certificate), or write HostSNI(`*`).',
    option: { key: 'rule', value: text },
  });
}

/** Rules of one argument mean the same in both languages, but for regexps; others have been refused. */
function checkOldRule(rule: TcpRuleNode, text: string, verdict: Verdict): void {
  if (!hasRegexp(rule)) return;
  verdict.add({
    severity: 'warning',
    code: 'rule-deprecated',
    message:
      'TCP rules have no v2 syntax here: HostSNIRegexp is read as v3 reads it, a plain regular expression.',
    hint: 'Set ruleSyntax to v3 once the rule is right.',
    option: { key: 'rule', value: text },
  });
}

function hasRegexp(rule: TcpRuleNode): boolean {
  if (rule.kind === 'match') return rule.matcher === 'HostSNIRegexp';
  return rule.kind === 'not' ? hasRegexp(rule.node) : hasRegexp(rule.left) || hasRegexp(rule.right);
}

function toTls(tls: TcpRouterOptions['tls']): Pick<TcpRouter, 'tls'> {
  if (tls === undefined) return {};
  return {
    tls: {
      passthrough: tls.passthrough ?? false,
      ...(tls.options === undefined ? {} : { options: tls.options }),
      ...(tls.certResolver === undefined ? {} : { certResolver: tls.certResolver }),
    },
  };
}
