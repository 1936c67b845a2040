// A data plane in this process, on free ports, with a configuration that reads as a sentence:
// `await gateway().service('s', [upstream.url]).router('r', { rule, service: 's' }).start()`.
import assert from 'node:assert/strict';
import { createDataPlane, type DataPlane } from '../../src/data-plane/listeners/create-data-plane.ts';
import type {
  BalancedService,
  Composite,
  DynamicConfig,
  Middleware,
  Router,
  Service,
  TcpMiddleware,
  TcpRouter,
  TcpService,
  UdpRouter,
  UdpService,
} from '../../src/model/dynamic-config.ts';
import type { ReplicaLoad } from '../../src/model/messages.ts';
import type { MiddlewareOptions } from '../../src/model/middlewares/catalog.ts';
import type { Replica } from '../../src/model/replica.ts';
import type { TransportMaterial } from '../../src/model/servers-transport.ts';
import type { AccessLogOptions, EntryPoint, Lanes, UdpEntryPoint } from '../../src/model/startup.ts';
import type { TcpMiddlewareOptions } from '../../src/model/tcp-middlewares.ts';
import { tcpPriority } from '../../src/rules/routing/compile-tcp-rule.ts';
import { parseTcpRule } from '../../src/rules/routing/parse-rule.ts';
import { testTls } from './tls-material.ts';
import { until } from './until.ts';

export type ReplicaDraft = Partial<Replica> & { readonly url?: string };

export type GatewayDraft = {
  /** Replicas by URL, or in full; the id is that of its place (`s-0`) unless given. */
  service(
    name: string,
    replicas: readonly (string | ReplicaDraft)[],
    more?: Partial<BalancedService>,
  ): GatewayDraft;
  /** A service over services, which it names as they are named here. */
  composite(name: string, composite: Composite): GatewayDraft;
  router(name: string, more?: Partial<Router>): GatewayDraft;
  middleware(name: string, options: MiddlewareOptions): GatewayDraft;
  /** A TCP service; its replicas' ids are those of their places (`t-0`). */
  tcpService(
    name: string,
    replicas: readonly (string | ReplicaDraft)[],
    relay?: TcpService['relay'],
  ): GatewayDraft;
  /** HostSNI(`*`) without TLS, to the first TCP service, unless said otherwise. */
  tcpRouter(name: string, more?: Partial<TcpRouter>): GatewayDraft;
  tcpMiddleware(name: string, options: TcpMiddlewareOptions): GatewayDraft;
  /** A UDP service; its replicas' ids are those of their places (`u-0`). */
  udpService(name: string, replicas: readonly (string | ReplicaDraft)[]): GatewayDraft;
  /** On the entry point `udp`, which is there from then on, to the first UDP service, unless said otherwise. */
  udpRouter(name: string, more?: Partial<UdpRouter>): GatewayDraft;
  /** Settings of the entry point `udp`. */
  udpEntryPoint(more: Partial<UdpEntryPoint>): GatewayDraft;
  accessLog(options: AccessLogOptions): GatewayDraft;
  /** Which lanes serve; those under test unless given. */
  lanes(which: Lanes): GatewayDraft;
  /** How servers are connected to. */
  transport(material: TransportMaterial): GatewayDraft;
  /** Settings of the entry point `web`. */
  entryPoint(more: Partial<EntryPoint>): GatewayDraft;
  config(version?: number): DynamicConfig;
  start(): Promise<TestGateway>;
};

export type TestGateway = {
  readonly port: number;
  /** Of the entry point `udp`; 0 without one. */
  readonly udpPort: number;
  readonly plane: DataPlane;
  /** Lines of the log at level error. */
  readonly errors: readonly { readonly fields: unknown; readonly message: string }[];
  /** Versions that were reported as applied. */
  readonly applied: readonly number[];
  /** The last loads reported of a replica. */
  load(service: string, replica: string): ReplicaLoad | undefined;
  /** Waits until no replica has a request under way. */
  quiet(): Promise<void>;
  /** Serves this configuration from now on. */
  apply(draft: GatewayDraft): void;
  /** Ends it, and checks that nothing was left behind. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The runner's stages run the same tests with all lanes and with the complete one alone. */
const lanesUnderTest: Lanes = process.env['BERTH_TEST_LANES'] === 'fastify' ? 'fastify' : 'all';

/** Nothing is configured yet: routers and services are added by name. */
export function gateway(): GatewayDraft {
  const routers = new Map<string, Router>();
  const services = new Map<string, Service>();
  const middlewares = new Map<string, Middleware>();
  const tcpRouters = new Map<string, TcpRouter>();
  const tcpServices = new Map<string, TcpService>();
  const tcpMiddlewares = new Map<string, TcpMiddleware>();
  const udpRouters = new Map<string, UdpRouter>();
  const udpServices = new Map<string, UdpService>();
  let udpEntryPoint: UdpEntryPoint | undefined;
  let entryPoint = defaultEntryPoint;
  let accessLog: AccessLogOptions | undefined;
  let lanes = lanesUnderTest;
  let transport: TransportMaterial | undefined;
  const common = (name: string) => ({
    name,
    provider: 'docker',
    status: 'enabled' as const,
    errors: [],
    origins: [],
  });

  const draft: GatewayDraft = {
    service(name, replicas, more = {}) {
      services.set(name, {
        ...common(name),
        replicas: replicas.map((replica, at) => toReplica(name, replica, at)),
        strategy: 'wrr',
        passHostHeader: true,
        ...more,
      });
      return draft;
    },
    composite(name, composite) {
      services.set(name, { ...common(name), replicas: [], composite });
      return draft;
    },
    router(name, more = {}) {
      const rule = more.rule ?? 'PathPrefix(`/`)';
      routers.set(name, {
        ...common(name),
        rule,
        ruleSyntax: 'v3',
        priority: rule.length,
        entryPoints: ['web'],
        middlewares: [],
        service: services.keys().next().value ?? '',
        ...more,
      });
      return draft;
    },
    middleware(name, options) {
      middlewares.set(name, { ...common(name), ...options });
      return draft;
    },
    tcpService(name, replicas, relay = {}) {
      tcpServices.set(name, {
        ...common(name),
        relay,
        replicas: replicas.map((replica, at) => toReplica(name, replica, at)),
      });
      return draft;
    },
    tcpRouter(name, more = {}) {
      const rule = more.rule ?? 'HostSNI(`*`)';
      const parsed = parseTcpRule(rule);
      tcpRouters.set(name, {
        ...common(name),
        rule,
        ruleSyntax: 'v3',
        priority: tcpPriority(parsed.ok ? parsed.rule : undefined, rule),
        entryPoints: ['web'],
        middlewares: [],
        service: tcpServices.keys().next().value ?? '',
        ...more,
      });
      return draft;
    },
    tcpMiddleware(name, options) {
      tcpMiddlewares.set(name, { ...common(name), ...options });
      return draft;
    },
    udpService(name, replicas) {
      udpServices.set(name, {
        ...common(name),
        replicas: replicas.map((replica, at) => toReplica(name, replica, at)),
      });
      return draft;
    },
    udpRouter(name, more = {}) {
      const service = udpServices.keys().next().value ?? '';
      udpRouters.set(name, { ...common(name), entryPoints: ['udp'], service, ...more });
      return draft.udpEntryPoint({});
    },
    udpEntryPoint(more) {
      udpEntryPoint = { ...defaultUdpEntryPoint, ...udpEntryPoint, ...more };
      return draft;
    },
    accessLog(options) {
      accessLog = options;
      return draft;
    },
    lanes(which) {
      lanes = which;
      return draft;
    },
    transport(material) {
      transport = material;
      return draft;
    },
    entryPoint(more) {
      entryPoint = { ...entryPoint, ...more };
      return draft;
    },
    config: (version = 1) => ({
      version,
      routers: new Map([...routers].map(([name, router]) => [name, withTls(router, entryPoint)])),
      services: new Map(services),
      middlewares: new Map(middlewares),
      tcpRouters: new Map(tcpRouters),
      tcpServices: new Map(tcpServices),
      tcpMiddlewares: new Map(tcpMiddlewares),
      udpRouters: new Map(udpRouters),
      udpServices: new Map(udpServices),
      diagnostics: [],
    }),
    start: () => startGateway(draft, entryPoint, udpEntryPoint, accessLog, lanes, transport),
  };
  return draft;
}

/** A gateway with one router for everything and these replicas. */
export function gatewayTo(...replicas: readonly (string | ReplicaDraft)[]): GatewayDraft {
  return gateway().service('s', replicas).router('r');
}

export const defaultEntryPoint: EntryPoint = {
  name: 'web',
  host: '127.0.0.1',
  port: 0,
  asDefault: true,
  reusePort: false,
  forwardedHeaders: { insecure: false, trustedIPs: [], connection: [], notAppendXForwardedFor: false },
  requestAcceptGraceMs: 0,
  graceTimeoutMs: 10_000,
  readTimeoutMs: 60_000,
  writeTimeoutMs: 0,
  idleTimeoutMs: 180_000,
  stallTimeoutMs: 50_000,
  keepAliveMaxRequests: 0,
  keepAliveMaxTimeMs: 0,
  encodedCharacters: {},
  sanitizePath: true,
  middlewares: [],
  maxHeaderBytes: 1_048_576,
  tls: false,
  http2: { maxConcurrentStreams: 250, maxDecoderHeaderTableSize: 4096, maxEncoderHeaderTableSize: 4096 },
  accessLogs: true,
  metrics: true,
};

export const defaultUdpEntryPoint: UdpEntryPoint = {
  name: 'udp',
  host: '127.0.0.1',
  port: 0,
  reusePort: false,
  timeoutMs: 3_000,
  maxSessions: 4_096,
  requestAcceptGraceMs: 0,
  // Sessions have no end of their own, and no test waits for their timeout.
  graceTimeoutMs: 50,
  accessLogs: true,
};

async function startGateway(
  draft: GatewayDraft,
  entryPoint: EntryPoint,
  udpEntryPoint: UdpEntryPoint | undefined,
  accessLog: AccessLogOptions | undefined,
  lanes: Lanes,
  transport: TransportMaterial | undefined,
): Promise<TestGateway> {
  const errors: { fields: unknown; message: string }[] = [];
  const applied: number[] = [];
  const loads = new Map<string, ReplicaLoad>();
  let port = 0;
  let udpPort = 0;
  let version = 0;
  const plane = createDataPlane(
    {
      worker: 0,
      lanes,
      entryPoints: [entryPoint],
      udpEntryPoints: udpEntryPoint === undefined ? [] : [udpEntryPoint],
      log: { level: 'error', format: 'json', filePath: '' },
      ...(accessLog === undefined ? {} : { accessLog }),
      tls: testTls,
      ...(transport === undefined ? {} : { transport }),
      prometheus: { buckets: [0.1, 1], entryPointLabels: true, routerLabels: true, serviceLabels: true },
    },
    {
      onListening: (name, _host, at) => {
        if (name === 'udp') udpPort = at;
        else port = at;
      },
      onListenFailed: (_name, message) => assert.fail(message),
      onApplied: (at) => applied.push(at),
      onLoads: (changed) => {
        for (const load of changed) loads.set(`${load.service}/${load.replica}`, load);
      },
    },
    { debug: () => {}, warn: () => {}, error: logTo(errors) } as never,
  );
  await plane.listen();
  const apply = (next: GatewayDraft): void => {
    version += 1;
    plane.apply(next.config(version));
  };
  const { routers, tcpRouters, udpRouters } = draft.config();
  if (routers.size + tcpRouters.size + udpRouters.size > 0) apply(draft);
  const load = (service: string, replica: string) => loads.get(`${service}/${replica}`);
  const quiet = async (): Promise<void> => {
    await until('nothing is under way', () => [...loads.values()].every(({ inFlight }) => inFlight === 0));
  };
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await plane.drain();
    await quiet();
    assert.deepEqual(errors, [], 'nothing unexpected was logged');
  };
  return { port, udpPort, plane, errors, applied, load, quiet, apply, close, [Symbol.asyncDispose]: close };
}

function logTo(errors: { fields: unknown; message: string }[]) {
  return (fields: unknown, message: string): void => void errors.push({ fields, message });
}

/** As rules/resolve does it: an entry point adds tls to routers that have none. */
function withTls(router: Router, { name, tls }: EntryPoint): Router {
  return tls && router.tls === undefined ? { ...router, tlsEntryPoints: [name] } : router;
}

function toReplica(service: string, replica: string | ReplicaDraft, at: number): Replica {
  const given = typeof replica === 'string' ? { url: replica } : replica;
  return { id: `${service}-${at}`, weight: 1, preservePath: false, state: 'ready', since: 0, ...given };
}
