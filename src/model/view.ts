// What API and dashboard show. The only types that ui/ imports. No secret has a path into these.
import type { Diagnostic } from './diagnostic.ts';
import type { HealthVerdict, ReplicaState } from './replica.ts';

export type { Diagnostic } from './diagnostic.ts';
export type { Explanation, RouterTrial, TrialVerdict } from './explanation.ts';
export type { HealthVerdict, ReplicaState } from './replica.ts';

/** Traefik's words for the condition of an object. */
export type Status = 'enabled' | 'warning' | 'disabled';

/** GET /api/http/routers[/{name}]; the first part is Traefik's, the last fields are Berth's own. */
export type RouterView = {
  readonly name: string;
  readonly provider: string;
  readonly status: Status;
  readonly entryPoints: readonly string[];
  readonly middlewares?: readonly string[];
  readonly service: string;
  readonly rule: string;
  readonly ruleSyntax: string;
  readonly priority: number;
  /** The priority as text, because it can exceed what JavaScript numbers hold (Traefik). */
  readonly priorityStr: string;
  readonly tls?: Readonly<Record<string, unknown>>;
  /** Entry points that add TLS to it, where others of its entry points do not (Berth's own). */
  readonly tlsEntryPoints?: readonly string[];
  readonly error?: readonly string[];
  /** Entry points that it really uses. */
  readonly using: readonly string[];
  readonly origins: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

/** One replica of a service, as its users see it. */
export type ReplicaView = {
  readonly id: string;
  /** Of TCP with ` (tcp)` behind its name, of UDP with ` (udp)`. */
  readonly service: string;
  readonly url?: string;
  readonly container?: { readonly id: string; readonly name: string };
  readonly weight: number;
  /** What the provider says. */
  readonly state: ReplicaState;
  /** What Berth's own health check says. */
  readonly health: HealthVerdict;
  /** Whether it gets requests now: state ready and health none or up. */
  readonly ready: boolean;
  /** Why it does not: one sentence. */
  readonly reason?: string;
  /** ISO 8601, since when `state` or `health` has been so, whichever changed last. */
  readonly since: string;
  readonly inFlight: number;
  readonly requests: number;
  readonly failures: number;
  /** Last error of the health check. */
  readonly lastError?: string;
};

/** A sticky cookie; what is off or empty is absent. */
export type StickyCookieView = {
  readonly name: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: string;
  readonly maxAge?: number;
  readonly path: string;
  readonly domain?: string;
};

/** GET /api/http/services[/{name}]; the last fields are Berth's own. */
export type ServiceView = {
  readonly name: string;
  readonly provider: string;
  /** The kind in lower case. Its options stand under the kind itself, as in Traefik. */
  readonly type: string;
  readonly status: Status;
  readonly error?: readonly string[];
  readonly loadBalancer?: {
    readonly servers: readonly { readonly url: string; readonly weight?: number }[];
    readonly strategy: string;
    readonly passHostHeader: boolean;
    readonly healthCheck?: Readonly<Record<string, unknown>>;
    readonly passiveHealthCheck?: { readonly failureWindow: string; readonly maxFailedAttempts: number };
    readonly sticky?: { readonly cookie: StickyCookieView };
  };
  readonly weighted?: Readonly<Record<string, unknown>>;
  readonly highestRandomWeight?: Readonly<Record<string, unknown>>;
  readonly failover?: Readonly<Record<string, unknown>>;
  readonly mirroring?: Readonly<Record<string, unknown>>;
  readonly usedBy: readonly string[];
  /** Traefik's: URL to UP or DOWN. Of services that have servers. */
  readonly serverStatus?: Readonly<Record<string, 'UP' | 'DOWN'>>;
  /** Of services over services. */
  readonly members?: readonly MemberView[];
  readonly replicas: readonly ReplicaView[];
  readonly origins: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

/** What services of other protocols have otherwise, or not at all. */
type OfHttpServices =
  | 'loadBalancer'
  | 'weighted'
  | 'highestRandomWeight'
  | 'failover'
  | 'mirroring'
  | 'members';

/** A service to which another one leads. */
export type MemberView = {
  /** Qualified. */
  readonly name: string;
  /** 0: no requests. */
  readonly weight: number;
  /** UP: a replica of it is ready, or of a service to which it leads. */
  readonly status: 'UP' | 'DOWN';
};

/** GET /api/tcp/routers[/{name}]; the last fields are Berth's own. */
export type TcpRouterView = Omit<RouterView, 'tls' | 'tlsEntryPoints'> & {
  readonly tls?: { readonly passthrough: boolean } & Readonly<Record<string, unknown>>;
};

/** GET /api/tcp/services[/{name}]; the last fields are Berth's own. */
export type TcpServiceView = Omit<ServiceView, OfHttpServices> & {
  readonly loadBalancer: {
    readonly servers: readonly { readonly address: string; readonly tls?: boolean }[];
    readonly proxyProtocol?: { readonly version: number };
    readonly healthCheck?: Readonly<Record<string, unknown>>;
    /** Milliseconds. */
    readonly terminationDelay?: number;
  };
};

/** GET /api/udp/routers[/{name}]; the last fields are Berth's own. */
export type UdpRouterView = Pick<
  RouterView,
  'name' | 'provider' | 'status' | 'entryPoints' | 'service' | 'error' | 'using' | 'origins' | 'diagnostics'
>;

/** GET /api/udp/services[/{name}]; the last fields are Berth's own. */
export type UdpServiceView = Omit<ServiceView, OfHttpServices> & {
  readonly loadBalancer: { readonly servers: readonly { readonly address: string }[] };
};

/** GET /api/http/middlewares and /api/tcp/middlewares. Options stand under the kind's own key, as in Traefik; secrets are replaced by `<redacted>`. */
export type MiddlewareView = {
  readonly name: string;
  readonly provider: string;
  readonly type: string;
  readonly status: Status;
  readonly error?: readonly string[];
  readonly usedBy: readonly string[];
  readonly origins: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly [kind: string]: unknown;
};

/** GET /api/rawdata: everything by name; kinds of which there is nothing are absent, as in Traefik. */
export type RawDataView = {
  readonly routers?: Readonly<Record<string, RouterView>>;
  readonly middlewares?: Readonly<Record<string, MiddlewareView>>;
  readonly services?: Readonly<Record<string, ServiceView>>;
  readonly tcpRouters?: Readonly<Record<string, TcpRouterView>>;
  readonly tcpServices?: Readonly<Record<string, TcpServiceView>>;
  readonly udpRouters?: Readonly<Record<string, UdpRouterView>>;
  readonly udpServices?: Readonly<Record<string, UdpServiceView>>;
};

/** Objects of one kind; `errors` are those that are disabled. */
export type Counts = { readonly total: number; readonly warnings: number; readonly errors: number };

/** GET /api/overview. */
export type OverviewView = {
  readonly http: { readonly routers: Counts; readonly services: Counts; readonly middlewares: Counts };
  readonly tcp: { readonly routers: Counts; readonly services: Counts; readonly middlewares: Counts };
  readonly udp: { readonly routers: Counts; readonly services: Counts };
  readonly certificates: Counts;
  readonly features: { readonly tracing: string; readonly metrics: string; readonly accessLog: boolean };
  /** Traefik's names: "Docker". */
  readonly providers: readonly string[];
  /** Berth's own: what the overview page shows besides. */
  readonly berth: {
    readonly configVersion: number;
    readonly name: string;
    readonly diagnostics: { readonly errors: number; readonly warnings: number; readonly infos: number };
    readonly replicas: { readonly total: number; readonly ready: number };
    readonly inFlight: number;
    readonly providerStates: readonly ProviderState[];
  };
};

/** Whether a provider can be reached now. */
export type ProviderState = {
  readonly provider: string;
  readonly state: 'connecting' | 'up' | 'down';
  /** Why it is down, one sentence. */
  readonly message?: string;
  /** ISO 8601. */
  readonly since: string;
};

/** GET /api/entrypoints[/{name}]; lengths of time as Go writes them. */
export type EntryPointView = {
  readonly name: string;
  readonly address: string;
  readonly asDefault: boolean;
  readonly forwardedHeaders: { readonly insecure?: boolean; readonly trustedIPs?: readonly string[] };
  readonly proxyProtocol?: { readonly insecure?: boolean; readonly trustedIPs?: readonly string[] };
  readonly transport: Readonly<Record<string, unknown>>;
  readonly http?: { readonly tls: Readonly<Record<string, never>> };
  /** Present for UDP. */
  readonly udp?: { readonly timeout: string };
};

/** GET /api/version. */
export type VersionView = {
  readonly Version: string;
  readonly Codename: string;
  readonly startDate: string;
  readonly product: 'Berth';
};

/** One line of GET /api/events (SSE). `event:` is the type, `data:` this as JSON, `id:` grows by one. */
export type GatewayEvent =
  | { readonly type: 'config'; readonly at: string; readonly version: number }
  | { readonly type: 'replica'; readonly at: string; readonly replica: ReplicaView }
  | { readonly type: 'replica-gone'; readonly at: string; readonly service: string; readonly id: string }
  | {
      readonly type: 'loads';
      readonly at: string;
      readonly replicas: readonly Pick<
        ReplicaView,
        'service' | 'id' | 'inFlight' | 'requests' | 'failures'
      >[];
    }
  | { readonly type: 'provider'; readonly at: string; readonly state: ProviderState };
