// StartupConfig: what the gateway runs with. Made once from StartupOptions by rules/startup, all defaults filled in.
import type { EncodedCharactersOptions } from './encoded-characters.ts';
import type { ServersTransport } from './servers-transport.ts';

/** Where an entry point sends all its clients. */
export type Redirection = {
  /** As configured: the name of an entry point, or `:port`. */
  readonly to: string;
  /** The port that it comes to. */
  readonly port: string;
  readonly scheme: string;
  readonly permanent: boolean;
  /** Absent: above every router of users. */
  readonly priority?: number;
};

/** A port of the data plane. */
export type EntryPoint = {
  readonly name: string;
  /** Address to bind; empty for all. */
  readonly host: string;
  readonly port: number;
  readonly asDefault: boolean;
  readonly reusePort: boolean;
  readonly forwardedHeaders: {
    readonly insecure: boolean;
    readonly trustedIPs: readonly string[];
    readonly connection: readonly string[];
    readonly notAppendXForwardedFor: boolean;
  };
  /** Absent: connections have no header of the PROXY protocol. */
  readonly proxyProtocol?: { readonly insecure: boolean; readonly trustedIPs: readonly string[] };
  readonly requestAcceptGraceMs: number;
  readonly graceTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** How long a client may take nothing of what is ready for it; 0 for no limit. */
  readonly stallTimeoutMs: number;
  readonly keepAliveMaxRequests: number;
  readonly keepAliveMaxTimeMs: number;
  readonly sanitizePath: boolean;
  readonly maxHeaderBytes: number;
  /** What paths may hold; absent members follow Berth's rule. */
  readonly encodedCharacters: EncodedCharactersOptions;
  /** Run before those of each router; names without a provider are of the router's. */
  readonly middlewares: readonly string[];
  /** Absent: none. */
  readonly redirection?: Redirection;
  /** Routers that have no tls of their own answer only TLS connections here. */
  readonly tls: boolean;
  readonly http2: {
    /** Requests that one connection may have under way. */
    readonly maxConcurrentStreams: number;
    /** Bytes of the compression tables of heads (HPACK), of requests and of answers. */
    readonly maxDecoderHeaderTableSize: number;
    readonly maxEncoderHeaderTableSize: number;
  };
  readonly accessLogs: boolean;
  readonly metrics: boolean;
};

/** A UDP port of the data plane. */
export type UdpEntryPoint = {
  readonly name: string;
  /** Address to bind; empty for all. */
  readonly host: string;
  readonly port: number;
  /** Of the sockets that were inherited for it; undefined: there are none. */
  readonly family?: 4 | 6 | undefined;
  readonly reusePort: boolean;
  /** How long a session may be silent on both sides before it ends. */
  readonly timeoutMs: number;
  /** Most sessions that one worker keeps. */
  readonly maxSessions: number;
  readonly requestAcceptGraceMs: number;
  readonly graceTimeoutMs: number;
  readonly accessLogs: boolean;
};

/** TLS towards the source of a provider. Each of the texts is the name of a file, or PEM itself; empty: not set. */
export type ClientTls = {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly insecureSkipVerify: boolean;
};

/** How an Engine is followed; empty texts stand for what is not set. */
export type DockerProvider = {
  readonly endpoint: string;
  readonly exposedByDefault: boolean;
  readonly network: string;
  readonly defaultRule: string;
  readonly constraints: string;
  readonly useBindPortIP: boolean;
  readonly watch: boolean;
  readonly httpClientTimeoutMs: number;
  readonly username: string;
  readonly password: string;
  readonly tls?: ClientTls;
};

/** Which files are followed: exactly one of the two is not empty. */
export type FileProvider = {
  readonly filename: string;
  readonly directory: string;
  readonly watch: boolean;
};

/** Which endpoint is asked, and how. */
export type HttpProvider = {
  readonly endpoint: string;
  readonly pollIntervalMs: number;
  /** 0: no limit. */
  readonly pollTimeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In bytes; negative: no limit. */
  readonly maxResponseBodySize: number;
  readonly tls?: ClientTls;
};

/** Which server's keys are followed; empty texts stand for what is not set. */
export type RedisProvider = {
  /** One, or those of all sentinels. */
  readonly endpoints: readonly string[];
  readonly rootKey: string;
  readonly username: string;
  readonly password: string;
  readonly db: number;
  readonly tls?: ClientTls;
  readonly sentinel?: {
    readonly masterName: string;
    readonly username: string;
    readonly password: string;
    readonly replicaStrategy: boolean;
  };
};

/** Least level that is logged. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** The gateway's own log; an empty `filePath` is standard output. */
export type LogOptions = {
  readonly level: LogLevel;
  readonly format: 'json' | 'common';
  readonly filePath: string;
};

/** Where the access log goes: empty for standard output. */
export type AccessLogOptions = { readonly filePath: string };

/** Which series are kept; buckets are upper bounds in seconds, ascending. */
export type PrometheusOptions = {
  readonly buckets: readonly number[];
  readonly entryPointLabels: boolean;
  readonly routerLabels: boolean;
  readonly serviceLabels: boolean;
};

/** Ways that requests may take: every lane where it fits, or the complete one alone. */
export type Lanes = 'all' | 'fastify';

/** Where something of the gateway itself is served. */
export type ServedPlace = {
  /** By a router of the gateway's own, or on the internal entry point. */
  readonly entryPoint: string;
  /** By routers of users only. */
  readonly manualRouting: boolean;
};

/** The whole of it. An absent part is switched off. */
export type StartupConfig = {
  /** Entry points of the data plane, by the user's order; never the internal one. */
  readonly entryPoints: readonly EntryPoint[];
  readonly udpEntryPoints: readonly UdpEntryPoint[];
  /** Where API, dashboard, ping and metrics listen (Traefik's entry point `traefik`, :8080); absent when none is on. */
  readonly internalEntryPoint?: { readonly name: string; readonly host: string; readonly port: number };
  /** Worker threads of the data plane, 1 to 256; absent: one for each core that the process may use. */
  readonly workers?: number;
  readonly lanes: Lanes;
  readonly throttleMs: number;
  /** Whose routers come first between equal priorities; absent: Traefik's order. */
  readonly precedence?: readonly string[];
  readonly docker?: DockerProvider;
  readonly file?: FileProvider;
  readonly http?: HttpProvider;
  readonly redis?: RedisProvider;
  readonly defaultRuleSyntax: 'v3' | 'v2';
  /** How servers are connected to; absent: as usual. */
  readonly serversTransport?: ServersTransport;
  readonly api?: {
    /** Served on the internal entry point; without, by routers to `api@internal` only. */
    readonly insecure: boolean;
    readonly dashboard: boolean;
    readonly basePath: string;
    readonly allowedHosts: readonly string[];
    readonly dashboardName: string;
  };
  readonly ping?: ServedPlace & { readonly terminatingStatusCode: number };
  readonly log: LogOptions;
  readonly accessLog?: AccessLogOptions;
  readonly prometheus?: PrometheusOptions & ServedPlace;
};

/** Names of the providers that are switched on: what stands behind the @ of their objects. */
export function providersOf({ docker, file, http, redis }: StartupConfig): readonly string[] {
  return Object.entries({ docker, file, http, redis }).flatMap(([name, options]) =>
    options === undefined ? [] : [name],
  );
}
