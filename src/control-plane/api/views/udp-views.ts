// UDP routers and services as the API shows them: Traefik's shapes. Pure.
import { toCountedUdp, type UdpRouter, type UdpService } from '../../../model/dynamic-config.ts';
import { mayServe } from '../../../model/replica.ts';
import { udpName } from '../../../model/udp.ts';
import type { UdpRouterView, UdpServiceView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import type { ConfigIndex } from './config-index.ts';
import { type ReplicaSources, toReplicaView } from './replica-view.ts';
import { addressOf } from './tcp-views.ts';

/** A disabled router uses no entry point. */
export function toUdpRouterView(router: UdpRouter, index: ConfigIndex): UdpRouterView {
  return {
    name: router.name,
    provider: router.provider,
    status: router.status,
    entryPoints: router.entryPoints,
    service: router.service,
    ...(router.errors.length === 0 ? {} : { error: router.errors }),
    using: router.status === 'disabled' ? [] : router.entryPoints,
    origins: router.origins,
    diagnostics: index.diagnosticsOf('router', udpName(router.name)),
  };
}

/** Servers are the replicas that have an address. */
export function toUdpServiceView(
  service: UdpService,
  index: ConfigIndex,
  sources: ReplicaSources,
): UdpServiceView {
  const counted = toCountedUdp(service);
  const addressed = service.replicas.filter(({ url }) => url !== undefined);
  return {
    name: service.name,
    provider: service.provider,
    type: 'loadbalancer',
    status: service.status,
    ...(service.errors.length === 0 ? {} : { error: service.errors }),
    loadBalancer: { servers: addressed.map((replica) => ({ address: addressOf(replica) })) },
    usedBy: index.routersOfUdpService(service.name),
    serverStatus: Object.fromEntries(
      addressed.map((replica) => [addressOf(replica), mayServe(replica, 'none') ? 'UP' : 'DOWN']),
    ),
    replicas: service.replicas.map((replica) => toReplicaView(counted, replica, sources)),
    origins: service.origins,
    diagnostics: index.diagnosticsOf('service', counted.name),
  };
}

/** How lists of UDP routers are searched and ordered. */
export const udpRouterListRules: ListRules<UdpRouter> = {
  name: (router) => router.name,
  status: (router) => router.status,
  searchIn: (router) => [router.name],
  sortKeys: new Map<string, (router: UdpRouter) => string | number>([
    ['provider', (router) => router.provider],
    ['status', (router) => router.status],
    ['service', (router) => router.service],
    ['entryPoints', (router) => router.entryPoints.length],
  ]),
};
