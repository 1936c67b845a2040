// Whether a TCP router takes the connection before HTTP sees a request (Traefik v3.7, pkg/server/router/tcp/router.go).
import { type DynamicConfig, isTlsOn, type Router, type TcpRouter } from '../../model/dynamic-config.ts';
import { trustRegexps } from '../routing/check-regexp.ts';
import { wildcardSuffix } from '../routing/compile-matcher.ts';
import { compileTcpRule, isCatchAll } from '../routing/compile-tcp-rule.ts';
import { parseRule, parseTcpRule } from '../routing/parse-rule.ts';
import { compareRanks, orderOf } from '../routing/router-order.ts';
import { hostsNamedIn } from '../routing/rule-hosts.ts';
import type { Arrival } from './try-routers.ts';

/** The TCP router that takes the connection; undefined: HTTP does. */
export function tryTcpRouters(
  { tcpRouters, routers }: Pick<DynamicConfig, 'tcpRouters' | 'routers'>,
  { head, entryPoint, isTls }: Arrival,
): TcpRouter | undefined {
  if (tcpRouters.size === 0) return undefined;
  const connection = {
    serverName: isTls ? head.host : '',
    clientAddress: head.clientAddress,
    protocols: ['h2', 'http/1.1'],
  };
  const takers = [...tcpRouters.values()].flatMap((router) => {
    const isHere = router.status !== 'disabled' && router.entryPoints.includes(entryPoint);
    if (!isHere || (router.tls !== undefined) !== isTls) return [];
    const parsed = parseTcpRule(router.rule, trustRegexps);
    if (!parsed.ok || !compileTcpRule(parsed.rule)(connection)) return [];
    const { priority } = router;
    return [{ router, isCatchAll: isCatchAll(parsed.rule), priority, order: orderOf(router) }];
  });
  const [first] = takers.sort(compareRanks);
  if (first === undefined || !isTls) return first?.router;
  // Encrypted: HTTPS routers that name the host come before all of TCP, those of any host before HostSNI(`*`).
  const hosts = httpsHosts(routers.values(), entryPoint);
  const suffix = wildcardSuffix(head.host);
  if (hosts.has(head.host) || (suffix !== '' && hosts.has(`*${suffix}`))) return undefined;
  return first.isCatchAll && hosts.has('*') ? undefined : first.router;
}

function httpsHosts(routers: Iterable<Router>, entryPoint: string): ReadonlySet<string> {
  const hosts = new Set<string>();
  for (const router of routers) {
    if (router.status === 'disabled' || !router.entryPoints.includes(entryPoint)) continue;
    if (!isTlsOn(router, entryPoint)) continue;
    const parsed = parseRule(router.rule, router.ruleSyntax, trustRegexps);
    const named = parsed.ok ? hostsNamedIn(parsed.rule) : [];
    for (const host of named.length === 0 ? ['*'] : named) hosts.add(host);
  }
  return hosts;
}
