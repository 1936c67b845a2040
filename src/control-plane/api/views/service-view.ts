// A service with its replicas as the API shows it. Pure.
import { formatDuration } from '../../../lib/duration.ts';
import type {
  BalancedService,
  PassiveHealthCheck,
  ResolvedHealthCheck,
  Service,
} from '../../../model/dynamic-config.ts';
import { mayServe } from '../../../model/replica.ts';
import type { ServiceView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import { redacted } from '../redact.ts';
import { compositeParts } from './composite-view.ts';
import type { ConfigIndex } from './config-index.ts';
import { objectParts } from './object-parts.ts';
import { healthOf, type ReplicaSources, toReplicaView } from './replica-view.ts';
import { toStickyView } from './sticky-view.ts';

/** A service of any kind. */
export function toServiceView(service: Service, index: ConfigIndex, sources: ReplicaSources): ServiceView {
  return {
    ...objectParts(service, index.diagnosticsOf('service', service.name)),
    type: typeOf(service),
    usedBy: index.routersOfService(service.name),
    ...(service.composite === undefined
      ? balancedParts(service, sources)
      : compositeParts(service, index, sources)),
  };
}

/** Servers are the replicas that have an address. */
function balancedParts(service: BalancedService, sources: ReplicaSources) {
  const { replicas, strategy, passHostHeader, healthCheck, passiveHealthCheck, stickyCookie } = service;
  const addressed = replicas.flatMap((replica) =>
    replica.url === undefined ? [] : [{ url: replica.url, replica }],
  );
  return {
    loadBalancer: {
      servers: addressed.map(({ url, replica }) =>
        replica.weight === 1 ? { url } : { url, weight: replica.weight },
      ),
      strategy,
      passHostHeader,
      ...(healthCheck === undefined ? {} : { healthCheck: toHealthCheckView(healthCheck) }),
      ...(passiveHealthCheck === undefined ? {} : { passiveHealthCheck: toPassiveView(passiveHealthCheck) }),
      ...(stickyCookie === undefined ? {} : { sticky: toStickyView(service.name, stickyCookie) }),
    },
    serverStatus: Object.fromEntries(
      addressed.map(({ url, replica }) => [
        url,
        mayServe(replica, healthOf(service, replica, sources).verdict) ? ('UP' as const) : ('DOWN' as const),
      ]),
    ),
    replicas: replicas.map((replica) => toReplicaView(service, replica, sources)),
  };
}

/** Durations as Go writes them, and header values hidden: probes often carry a token. */
function toHealthCheckView(check: ResolvedHealthCheck): Readonly<Record<string, unknown>> {
  const { interval, unhealthyInterval, timeout, headers, ...rest } = check;
  const names = Object.keys(headers);
  return {
    ...rest,
    interval: formatDuration(interval),
    unhealthyInterval: formatDuration(unhealthyInterval),
    timeout: formatDuration(timeout),
    ...(names.length === 0 ? {} : { headers: Object.fromEntries(names.map((name) => [name, redacted])) }),
  };
}

function toPassiveView({ failureWindowMs, maxFailedAttempts }: PassiveHealthCheck) {
  return { failureWindow: formatDuration(failureWindowMs), maxFailedAttempts };
}

/** Traefik's word for the kind. */
function typeOf({ composite }: Pick<Sortable, 'composite'>): string {
  return (composite?.kind ?? 'loadBalancer').toLowerCase();
}

type Sortable = Pick<Service, 'name' | 'status' | 'provider'> & {
  readonly replicas: { readonly length: number };
  readonly composite?: { readonly kind: string };
};

/** How lists of services are searched and ordered, those of HTTP and those of TCP. */
export const serviceListRules: ListRules<Sortable> = {
  name: (service) => service.name,
  status: (service) => service.status,
  searchIn: (service) => [service.name],
  sortKeys: new Map<string, (service: Sortable) => string | number>([
    ['type', typeOf],
    ['servers', (service) => service.replicas.length],
    ['provider', (service) => service.provider],
    ['status', (service) => service.status],
  ]),
};
