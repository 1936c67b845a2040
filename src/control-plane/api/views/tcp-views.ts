// TCP routers and services as the API shows them: Traefik's shapes. Pure.
import { formatDuration } from '../../../lib/duration.ts';
import {
  type ResolvedTcpHealthCheck,
  type TcpRouter,
  type TcpService,
  toCountedTcp,
} from '../../../model/dynamic-config.ts';
import { tcpName } from '../../../model/tcp.ts';
import type { TcpRouterView, TcpServiceView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import { addressedOf, addressOf, addressParts } from './address-parts.ts';
import type { ConfigIndex } from './config-index.ts';
import { entryPointParts, objectParts, ruleParts } from './object-parts.ts';
import type { ReplicaSources } from './replica-view.ts';
import { sortKeysOfRouters } from './router-view.ts';

/** A router of TCP. */
export function toTcpRouterView(router: TcpRouter, index: ConfigIndex): TcpRouterView {
  return {
    ...objectParts(router, index.diagnosticsOf('router', tcpName(router.name))),
    ...entryPointParts(router),
    ...ruleParts(router),
    service: router.service,
    ...(router.tls === undefined ? {} : { tls: router.tls }),
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
  return {
    ...addressParts(counted, sources),
    ...objectParts(service, index.diagnosticsOf('service', counted.name)),
    loadBalancer: {
      servers: addressedOf(service).map((replica) =>
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

/** How lists of TCP routers are searched and ordered. */
export const tcpRouterListRules: ListRules<TcpRouter> = {
  name: (router) => router.name,
  status: (router) => router.status,
  searchIn: (router) => [router.rule, router.name],
  sortKeys: sortKeysOfRouters,
};
