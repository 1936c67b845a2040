// UDP routers and services as the API shows them: Traefik's shapes. Pure.
import { toCountedUdp, type UdpRouter, type UdpService } from '../../../model/dynamic-config.ts';
import { udpName } from '../../../model/udp.ts';
import type { UdpRouterView, UdpServiceView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import { addressedOf, addressOf, addressParts } from './address-parts.ts';
import type { ConfigIndex } from './config-index.ts';
import { entryPointParts, objectParts } from './object-parts.ts';
import type { ReplicaSources } from './replica-view.ts';

/** A router of UDP, which has no rule. */
export function toUdpRouterView(router: UdpRouter, index: ConfigIndex): UdpRouterView {
  return {
    ...objectParts(router, index.diagnosticsOf('router', udpName(router.name))),
    ...entryPointParts(router),
    service: router.service,
  };
}

/** Servers are the replicas that have an address. */
export function toUdpServiceView(
  service: UdpService,
  index: ConfigIndex,
  sources: ReplicaSources,
): UdpServiceView {
  const counted = toCountedUdp(service);
  return {
    ...addressParts(counted, sources),
    ...objectParts(service, index.diagnosticsOf('service', counted.name)),
    loadBalancer: { servers: addressedOf(service).map((replica) => ({ address: addressOf(replica) })) },
    usedBy: index.routersOfUdpService(service.name),
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
