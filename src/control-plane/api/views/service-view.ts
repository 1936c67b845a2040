// A service with its replicas as the API shows it. Pure.
import { hash } from 'node:crypto';
import { formatDuration } from '../../../lib/duration.ts';
import type { ResolvedHealthCheck, Service } from '../../../model/dynamic-config.ts';
import { mayServe } from '../../../model/replica.ts';
import { type StickyCookie, stickyCookieName } from '../../../model/sticky-cookie.ts';
import type { ServiceView, StickyCookieView } from '../../../model/view.ts';
import type { ListRules } from '../list-query.ts';
import { redacted } from '../redact.ts';
import type { ConfigIndex } from './config-index.ts';
import { healthOf, type ReplicaSources, toReplicaView } from './replica-view.ts';

/** Servers are the replicas that have an address. */
export function toServiceView(service: Service, index: ConfigIndex, sources: ReplicaSources): ServiceView {
  const addressed = service.replicas.flatMap((replica) =>
    replica.url === undefined ? [] : [{ url: replica.url, replica }],
  );
  return {
    name: service.name,
    provider: service.provider,
    type: 'loadbalancer',
    status: service.status,
    ...(service.errors.length === 0 ? {} : { error: service.errors }),
    loadBalancer: {
      servers: addressed.map(({ url, replica }) =>
        replica.weight === 1 ? { url } : { url, weight: replica.weight },
      ),
      strategy: service.strategy,
      passHostHeader: service.passHostHeader,
      ...(service.healthCheck === undefined ? {} : { healthCheck: toHealthCheckView(service.healthCheck) }),
      ...(service.stickyCookie === undefined
        ? {}
        : { sticky: toStickyView(service.name, service.stickyCookie) }),
    },
    usedBy: index.routersOfService(service.name),
    serverStatus: Object.fromEntries(
      addressed.map(({ url, replica }) => [
        url,
        mayServe(replica, healthOf(service, replica, sources).verdict) ? 'UP' : 'DOWN',
      ]),
    ),
    replicas: service.replicas.map((replica) => toReplicaView(service, replica, sources)),
    origins: service.origins,
    diagnostics: index.diagnosticsOf('service', service.name),
  };
}

/** With the name that the cookie really has; what is off or empty is left out. */
function toStickyView(service: string, cookie: StickyCookie): { readonly cookie: StickyCookieView } {
  const { secure, httpOnly, sameSite, maxAge, path, domain } = cookie;
  return {
    cookie: {
      name: stickyCookieName(cookie, service, (text) => hash('sha1', text)),
      ...(secure ? { secure } : {}),
      ...(httpOnly ? { httpOnly } : {}),
      ...(sameSite === undefined ? {} : { sameSite }),
      ...(maxAge === 0 ? {} : { maxAge }),
      path,
      ...(domain === '' ? {} : { domain }),
    },
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

type Sortable = Pick<Service, 'name' | 'status' | 'provider'> & {
  readonly replicas: { readonly length: number };
};

/** How lists of services are searched and ordered, those of HTTP and those of TCP. */
export const serviceListRules: ListRules<Sortable> = {
  name: (service) => service.name,
  status: (service) => service.status,
  searchIn: (service) => [service.name],
  sortKeys: new Map<string, (service: Sortable) => string | number>([
    ['type', () => 'loadbalancer'],
    ['servers', (service) => service.replicas.length],
    ['provider', (service) => service.provider],
    ['status', (service) => service.status],
  ]),
};
