// DynamicConfig: the central value. Plain, frozen, JSON-safe, numbered; no functions, no class instances but its tables, no
// key material beyond password hashes. Everything in it has been checked: a worker never judges validity again.
// Unchanged objects keep their identity from one version to the next, so that a change costs what changed.
import { diffTables } from '../lib/sorted-table.ts';
import type { Diagnostic } from './diagnostic.ts';
import { isInternalService } from './internal-service.ts';
import type { MiddlewareOptions } from './middlewares/catalog.ts';
import type { Replica } from './replica.ts';
import type { HealthCheckOptions, LoadBalancerOptions } from './service.ts';
import type { StickyCookie } from './sticky-cookie.ts';
import { tcpName } from './tcp.ts';
import type { TcpMiddlewareOptions } from './tcp-middlewares.ts';
import { udpName } from './udp.ts';

/** enabled: serves. warning: serves, with faults worth a look. disabled: does not serve; `errors` says why. */
export type ObjectStatus = 'enabled' | 'warning' | 'disabled';

type Resolved = {
  /** name@provider. */
  readonly name: string;
  readonly provider: string;
  readonly status: ObjectStatus;
  /** Why it is disabled or doubtful, one sentence each. */
  readonly errors: readonly string[];
  readonly origins: readonly string[];
};

/** A rule that leads to a service. */
export type Router = Resolved & {
  /** Decides between equal priorities, lower first, where it is not Traefik's usual order of providers. */
  readonly providerRank?: number;
  readonly rule: string;
  readonly ruleSyntax: 'v3' | 'v2';
  /** Effective priority: the user's, or the length of the rule in bytes. */
  readonly priority: number;
  /** Names of existing entry points. */
  readonly entryPoints: readonly string[];
  /** Qualified names, in the order in which they run; those that its entry points add come first. */
  readonly middlewares: readonly string[];
  /** In place of `middlewares`, where its entry points do not all add the same (`http.middlewares`). */
  readonly middlewaresByEntryPoint?: Readonly<Record<string, readonly string[]>>;
  /** Qualified name. */
  readonly service: string;
  /** Present: answers only TLS connections; absent: only plain ones, but for `tlsEntryPoints`. */
  readonly tls?: { readonly options?: string; readonly certResolver?: string };
  /** Without `tls`: those of its entry points that add it (`http.tls`), where others of them do not. */
  readonly tlsEntryPoints?: readonly string[];
  readonly accessLogs?: boolean;
  readonly metrics?: boolean;
  readonly timeouts?: RouterTimeouts;
};

/** Time limits towards replicas, in milliseconds; absent ones do not limit. */
export type RouterTimeouts = {
  readonly connect?: number;
  readonly firstByte?: number;
  readonly idle?: number;
  readonly total?: number;
};

/** Whether the router answers encrypted connections of this entry point of its own, or else plain ones. */
export function isTlsOn(
  { tls, tlsEntryPoints }: Pick<Router, 'tls' | 'tlsEntryPoints'>,
  entryPoint: string,
): boolean {
  return tls !== undefined || tlsEntryPoints?.includes(entryPoint) === true;
}

/** Where requests go. */
export type Service = BalancedService | CompositeService;

/** Replicas and how requests are spread over them. */
export type BalancedService = Resolved & {
  readonly composite?: never;
  readonly replicas: readonly Replica[];
  readonly strategy: NonNullable<LoadBalancerOptions['strategy']>;
  readonly passHostHeader: boolean;
  /** Qualified names; they run after those of the router. Absent: none. */
  readonly middlewares?: readonly string[];
  /** Defaults filled in; absent where no check is configured. */
  readonly healthCheck?: ResolvedHealthCheck;
  /** Absent where answers are not judged. */
  readonly passiveHealthCheck?: PassiveHealthCheck;
  /** Absent where clients are not kept on one server. */
  readonly stickyCookie?: StickyCookie;
};

/** When a replica whose requests fail is left out. */
export type PassiveHealthCheck = {
  /** So many failures in a row … */
  readonly maxFailedAttempts: number;
  /** … within this time … */
  readonly failureWindowMs: number;
  /** … leave it out for so long. With an active check that is its interval: the check has judged it anew by then. */
  readonly outForMs: number;
};

/** A service over services: it has no replicas of its own. */
export type CompositeService = Resolved & {
  readonly composite: Composite;
  readonly replicas: readonly never[];
  readonly middlewares?: never;
  readonly healthCheck?: never;
  readonly passiveHealthCheck?: never;
};

/** Which services a service leads to, and how. */
export type Composite =
  | WeightedComposite
  | HighestRandomWeightComposite
  | FailoverComposite
  | MirroringComposite;

type Members = {
  /** Those of which the kind speaks, in the order in which they are written. */
  readonly members: readonly Member[];
  /** Members of which no replica is ready are passed over (Traefik's `healthCheck` of such services). */
  readonly followsHealth: boolean;
  /** 1 where all members have replicas of their own; else one more than the deepest member. */
  readonly depth: number;
};

/** Spreads requests by weight. */
export type WeightedComposite = Members & {
  readonly kind: 'weighted';
  /** Absent where clients are not kept on one member. */
  readonly stickyCookie?: StickyCookie;
};

/** Keeps each client on one member, by its address. */
export type HighestRandomWeightComposite = Members & { readonly kind: 'highestRandomWeight' };

/** The first member, and the second one while no replica of the first is ready. */
export type FailoverComposite = Members & { readonly kind: 'failover' };

/** Its one member answers; the mirrors get copies of requests. */
export type MirroringComposite = Members & {
  readonly kind: 'mirroring';
  readonly mirrors: readonly Mirror[];
  readonly mirrorBody: boolean;
  /** -1: as much as there is memory for. */
  readonly maxBodySize: number;
};

/** A service that gets so many of 100 requests, too. */
export type Mirror = Pick<Member, 'name' | 'written'> & { readonly percent: number };

/** A service as another one leads to it. */
export type Member = {
  /** Qualified. */
  readonly name: string;
  /** As the user wrote it: cookies and hashes are made of that, as in Traefik. */
  readonly written: string;
  /** 0: no requests. */
  readonly weight: number;
};

/** A health check with its defaults; lengths of time in milliseconds. */
export type ResolvedHealthCheck = Required<
  Pick<
    HealthCheckOptions,
    | 'path'
    | 'mode'
    | 'method'
    | 'status'
    | 'interval'
    | 'unhealthyInterval'
    | 'timeout'
    | 'followRedirects'
    | 'headers'
  >
> &
  Pick<HealthCheckOptions, 'scheme' | 'port' | 'hostname'>;

/** A rule on connections that leads to a TCP service. */
export type TcpRouter = Omit<
  Router,
  'tls' | 'tlsEntryPoints' | 'middlewaresByEntryPoint' | 'accessLogs' | 'metrics' | 'timeouts'
> & {
  /** Present: takes only TLS connections; it ends the TLS itself, or passes it on as it is. Absent: only plain ones. */
  readonly tls?: NonNullable<Router['tls']> & { readonly passthrough: boolean };
};

/** Replicas among which connections go round robin; their URLs are `tcp://` or `tls://`. */
export type TcpService = Resolved & {
  readonly replicas: readonly Replica[];
  readonly relay: RelayOptions;
  /** Defaults filled in; absent where no check is configured. */
  readonly healthCheck?: ResolvedTcpHealthCheck;
};

/** A health check of TCP servers with its defaults. */
export type ResolvedTcpHealthCheck = Pick<
  ResolvedHealthCheck,
  'interval' | 'unhealthyInterval' | 'timeout' | 'port'
> & {
  readonly mode: 'tcp';
  /** Empty: nothing is said, or to connect is enough. */
  readonly send: string;
  readonly expect: string;
};

/** A health check of any protocol. */
export type AnyHealthCheck = ResolvedHealthCheck | ResolvedTcpHealthCheck;

/** How a connection is passed on to a replica. */
export type RelayOptions = {
  /** Version of the header that tells it of the client; absent: there is none. */
  readonly proxyProtocol?: 1 | 2;
  /** How long one side may go on when the other has ended; absent: as long as it likes. */
  readonly terminationDelayMs?: number;
};

/** UDP entry points that lead to a UDP service. Of several routers on one entry point the first by name is used. */
export type UdpRouter = Resolved & Pick<Router, 'entryPoints' | 'service' | 'providerRank'>;

/** Replicas among which sessions go round robin; their URLs are `udp://`. */
export type UdpService = Resolved & { readonly replicas: readonly Replica[] };

/** A service of any protocol, as far as its replicas, and the turns of its members, go. */
export type CountedService = Pick<BalancedService, 'name' | 'replicas' | 'passiveHealthCheck'> &
  Partial<Pick<TcpService, 'relay'>> & {
    readonly healthCheck?: AnyHealthCheck;
    readonly composite?: Pick<Composite, 'members'>;
  };

/** The tables of services. */
export type ServiceTables = Pick<DynamicConfig, 'services' | 'tcpServices' | 'udpServices'>;

/** A TCP service under the name by which its replicas are counted and shown beside those of HTTP. */
export function toCountedTcp({ name, replicas, relay, healthCheck }: TcpService): CountedService {
  return { name: tcpName(name), replicas, relay, ...(healthCheck === undefined ? {} : { healthCheck }) };
}

/** The same for UDP. */
export function toCountedUdp({ name, replicas }: UdpService): CountedService {
  return { name: udpName(name), replicas };
}

/** All services of which there are replicas; the gateway is no replica of its own. */
export function* countedServices({
  services,
  tcpServices,
  udpServices,
}: ServiceTables): Generator<CountedService> {
  for (const service of services.values()) if (!isInternalService(service.name)) yield service;
  for (const service of tcpServices.values()) yield toCountedTcp(service);
  for (const service of udpServices.values()) yield toCountedUdp(service);
}

/** The services that are new or different, and the names of those that are gone. Costs what changed. */
export function diffCounted(
  previous: ServiceTables,
  next: ServiceTables,
): { readonly set: readonly CountedService[]; readonly removed: readonly string[] } {
  const http = diffTables(previous.services, next.services);
  const tcp = diffTables(previous.tcpServices, next.tcpServices);
  const udp = diffTables(previous.udpServices, next.udpServices);
  return {
    set: [
      ...http.set.map(([, service]) => service),
      ...tcp.set.map(([, service]) => toCountedTcp(service)),
      ...udp.set.map(([, service]) => toCountedUdp(service)),
    ],
    removed: [...http.removed, ...tcp.removed.map(tcpName), ...udp.removed.map(udpName)],
  };
}

/** A change to requests or responses, of one kind. */
export type Middleware = Resolved & MiddlewareOptions;

/** What lets TCP connections in or refuses them, of one kind. */
export type TcpMiddleware = Resolved & TcpMiddlewareOptions;

/**
 * One version of the configuration; tables by qualified name, and sorted by it (`SortedTable`), so that `diffTables`
 * finds what changed between two versions without reading what did not.
 */
export type DynamicConfig = {
  /** Grows by one with each change that is applied. */
  readonly version: number;
  readonly routers: ReadonlyMap<string, Router>;
  readonly services: ReadonlyMap<string, Service>;
  readonly middlewares: ReadonlyMap<string, Middleware>;
  readonly tcpRouters: ReadonlyMap<string, TcpRouter>;
  readonly tcpServices: ReadonlyMap<string, TcpService>;
  readonly tcpMiddlewares: ReadonlyMap<string, TcpMiddleware>;
  readonly udpRouters: ReadonlyMap<string, UdpRouter>;
  readonly udpServices: ReadonlyMap<string, UdpService>;
  /** All diagnostics, those of the objects included. */
  readonly diagnostics: readonly Diagnostic[];
};

/** The first version: nothing is configured yet. */
export const emptyDynamicConfig: DynamicConfig = Object.freeze({
  version: 0,
  routers: new Map<string, Router>(),
  services: new Map<string, Service>(),
  middlewares: new Map<string, Middleware>(),
  tcpRouters: new Map<string, TcpRouter>(),
  tcpServices: new Map<string, TcpService>(),
  tcpMiddlewares: new Map<string, TcpMiddleware>(),
  udpRouters: new Map<string, UdpRouter>(),
  udpServices: new Map<string, UdpService>(),
  diagnostics: Object.freeze([]),
});
