// TCP routers and services as the API shows them: Traefik's shapes. Pure.
import { formatDuration } from '../../../lib/duration.ts';
import {
  type ResolvedTcpHealthCheck,
  type TcpRouter,
  type TcpService,
  toCountedTcp,
} from '../../../model/dynamic-config.ts';
import { mayServe, type Replica } from '../../../model/replica.ts';
import { tcpName } from '../../../model/tcp.ts';
import type { TcpRouterView, TcpServiceView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import type { ConfigIndex } from './config-index.ts';
import { healthOf, type ReplicaSources, toReplicaView } from './replica-view.ts';
import { sortKeysOfRouters } from './router-view.ts';

/** A disabled router uses no entry point. */
export function toTcpRouterView(router: TcpRouter, index: ConfigIndex): TcpRouterView {
  return {
    name: router.name,
    provider: router.provider,
    status: router.status,
    entryPoints: router.entryPoints,
    ...(router.middlewares.length === 0 ? {} : { middlewares: router.middlewares }),
    service: router.service,
    rule: router.rule,
    ruleSyntax: router.ruleSyntax,
    priority: router.priority,
    priorityStr: String(router.priority),
    ...(router.tls === undefined ? {} : { tls: router.tls }),
    ...(router.errors.length === 0 ? {} : { error: router.errors }),
    using: router.status === 'disabled' ? [] : router.entryPoints,
    origins: router.origins,
    diagnostics: index.diagnosticsOf('router', tcpName(router.name)),
  };
}

/** Servers are the replicas that have an address. */
export function toTcpServiceView(
  service: TcpService,
  index: ConfigIndex,
  sources: ReplicaSources,
): TcpServiceView {
  const counted = toCountedTcp(service);
  const { proxyProtocol, terminationDelayMs } = service.relay;
  const addressed = service.replicas.filter(({ url }) => url !== undefined);
  return {
    name: service.name,
    provider: service.provider,
    type: 'loadbalancer',
    status: service.status,
    ...(service.errors.length === 0 ? {} : { error: service.errors }),
    loadBalancer: {
      servers: addressed.map((replica) =>
        replica.url?.startsWith('tls:') === true
          ? { address: addressOf(replica), tls: true }
          : { address: addressOf(replica) },
      ),
      ...(proxyProtocol === undefined ? {} : { proxyProtocol: { version: proxyProtocol } }),
      ...(service.healthCheck === undefined
        ? {}
        : { healthCheck: toTcpHealthCheckView(service.healthCheck) }),
      ...(terminationDelayMs === undefined ? {} : { terminationDelay: terminationDelayMs }),
    },
    usedBy: index.routersOfTcpService(service.name),
    serverStatus: Object.fromEntries(
      addressed.map((replica) => [
        addressOf(replica),
        mayServe(replica, healthOf(counted, replica, sources).verdict) ? 'UP' : 'DOWN',
      ]),
    ),
    replicas: service.replicas.map((replica) => toReplicaView(counted, replica, sources)),
    origins: service.origins,
    diagnostics: index.diagnosticsOf('service', counted.name),
  };
}

/** Durations as Go writes them. */
function toTcpHealthCheckView({
  mode: _,
  interval,
  unhealthyInterval,
  timeout,
  ...rest
}: ResolvedTcpHealthCheck): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    interval: formatDuration(interval),
    unhealthyInterval: formatDuration(unhealthyInterval),
    timeout: formatDuration(timeout),
  };
}

/** Host and port, as Traefik writes servers of TCP and UDP. */
export function addressOf({ url = '' }: Replica): string {
  return url.replace(/^\w+:\/\//, '');
}

/** How lists of TCP routers are searched and ordered. */
export const tcpRouterListRules: ListRules<TcpRouter> = {
  name: (router) => router.name,
  status: (router) => router.status,
  searchIn: (router) => [router.rule, router.name],
  sortKeys: sortKeysOfRouters,
};
