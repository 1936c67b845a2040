// A gateway made of plain values behind a real API on a free port, for the tests of this room.
import { request as httpRequest } from 'node:http';
import type { ApiChange, ApiSources } from '../../../../src/control-plane/api/api-sources.ts';
import { createApi } from '../../../../src/control-plane/api/create-api.ts';
import type { Diagnostic } from '../../../../src/model/diagnostic.ts';
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
} from '../../../../src/model/dynamic-config.ts';
import type { ReplicaLoad } from '../../../../src/model/messages.ts';
import type { Replica, ReplicaHealth } from '../../../../src/model/replica.ts';
import type { StartupConfig } from '../../../../src/model/startup.ts';
import type { ProviderState } from '../../../../src/model/view.ts';
import { defaultEntryPoint, defaultUdpEntryPoint } from '../../../support/gateway.ts';

const resolved = (name: string) => ({
  name,
  provider: 'docker',
  status: 'enabled' as const,
  errors: [],
  origins: ['web-1'],
});

export const router = (name: string, overrides: Partial<Router> = {}): Router => ({
  ...resolved(name),
  rule: 'PathPrefix(`/`)',
  ruleSyntax: 'v3',
  priority: 15,
  entryPoints: ['web'],
  middlewares: [],
  service: 'tts@docker',
  ...overrides,
});

export const replica = (id: string, overrides: Partial<Replica> = {}): Replica => ({
  id,
  url: `http://172.18.0.2:${id.split(':')[1] ?? 80}`,
  weight: 1,
  preservePath: false,
  state: 'ready',
  since: Date.UTC(2026, 0, 1),
  container: { id: id.split(':')[0] ?? id, name: 'tts-1' },
  ...overrides,
});

export const service = (name: string, overrides: Partial<BalancedService> = {}): BalancedService => ({
  ...resolved(name),
  replicas: [replica('abc:80')],
  strategy: 'wrr',
  passHostHeader: true,
  ...overrides,
});

export const composite = (name: string, leadsTo: Composite): Service => ({
  ...resolved(name),
  replicas: [],
  composite: leadsTo,
});

export const middleware = (
  name: string,
  options: Pick<Middleware, 'kind' | 'options'>,
  overrides: Partial<Middleware> = {},
): Middleware => ({ ...resolved(name), ...options, ...overrides }) as Middleware;

export const diagnostic = (overrides: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: 'warning',
  code: 'unknown-key',
  provider: 'docker',
  object: { kind: 'container', name: 'web-1' },
  container: 'web-1',
  message: 'Nobody reads this label.',
  ...overrides,
});

export const healthCheck = {
  path: '/health',
  mode: 'http',
  method: 'GET',
  status: 0,
  interval: 10_000,
  unhealthyInterval: 90_000,
  timeout: 5_000,
  followRedirects: true,
  headers: { Authorization: 'Bearer hunter2' },
} as const;

const byName = <T extends { readonly name: string }>(all: readonly T[]) =>
  new Map(all.map((one) => [one.name, one]));

export function config(parts: {
  readonly version?: number;
  readonly routers?: readonly Router[];
  readonly services?: readonly Service[];
  readonly middlewares?: readonly Middleware[];
  readonly tcpRouters?: readonly TcpRouter[];
  readonly tcpServices?: readonly TcpService[];
  readonly tcpMiddlewares?: readonly TcpMiddleware[];
  readonly udpRouters?: readonly UdpRouter[];
  readonly udpServices?: readonly UdpService[];
  readonly diagnostics?: readonly Diagnostic[];
}): DynamicConfig {
  return {
    version: parts.version ?? 1,
    routers: byName(parts.routers ?? []),
    services: byName(parts.services ?? []),
    middlewares: byName(parts.middlewares ?? []),
    tcpRouters: byName(parts.tcpRouters ?? []),
    tcpServices: byName(parts.tcpServices ?? []),
    tcpMiddlewares: byName(parts.tcpMiddlewares ?? []),
    udpRouters: byName(parts.udpRouters ?? []),
    udpServices: byName(parts.udpServices ?? []),
    diagnostics: parts.diagnostics ?? [],
  };
}

export const startup: StartupConfig = {
  entryPoints: [
    {
      ...defaultEntryPoint,
      host: '',
      port: 80,
      asDefault: false,
      forwardedHeaders: { ...defaultEntryPoint.forwardedHeaders, trustedIPs: ['10.0.0.0/8'] },
    },
  ],
  udpEntryPoints: [{ ...defaultUdpEntryPoint, host: '', port: 53 }],
  internalEntryPoint: { name: 'traefik', host: '127.0.0.1', port: 0 },
  lanes: 'all',
  throttleMs: 0,
  defaultRuleSyntax: 'v3',
  api: { insecure: true, dashboard: true, basePath: '/', allowedHosts: [], dashboardName: 'lab' },
  ping: { entryPoint: 'traefik', manualRouting: false, terminatingStatusCode: 503 },
  log: { level: 'error', format: 'json', filePath: '' },
  prometheus: {
    entryPoint: 'traefik',
    manualRouting: false,
    buckets: [1],
    entryPointLabels: true,
    routerLabels: true,
    serviceLabels: true,
  },
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed body, where it is JSON; tests look into it as into any parsed JSON. */
  readonly json: ReturnType<typeof JSON.parse>;
};

export type FakeGateway = {
  config: DynamicConfig;
  terminating: boolean;
  metricsText: () => Promise<string>;
  readonly health: Map<string, ReplicaHealth>;
  readonly loads: Map<string, ReplicaLoad>;
  readonly providers: ProviderState[];
  readonly errors: string[];
  readonly port: number;
  /** Listeners that the API has at the moment. */
  readonly listeners: () => number;
  readonly changed: (change: ApiChange) => void;
  /** Asks by raw path; `headers` may override Host. */
  readonly get: (
    path: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

export async function startFakeGateway(
  overrides: Partial<StartupConfig> = {},
  dashboardFolder?: URL,
): Promise<FakeGateway> {
  const listeners = new Set<(change: ApiChange) => void>();
  const gateway = {
    config: config({}),
    terminating: false,
    metricsText: async () => 'up 1\n',
    health: new Map<string, ReplicaHealth>(),
    loads: new Map<string, ReplicaLoad>(),
    providers: [] as ProviderState[],
    errors: [] as string[],
  };
  const sources: ApiSources = {
    config: () => gateway.config,
    healthOf: (serviceName, id) => gateway.health.get(`${serviceName} ${id}`),
    loadOf: (serviceName, id) => gateway.loads.get(`${serviceName} ${id}`),
    providerStates: () => gateway.providers,
    metricsText: () => gateway.metricsText(),
    isTerminating: () => gateway.terminating,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startedAt: new Date(Date.UTC(2026, 0, 1)),
    version: '0.1.0',
    log: { error: (_fields, message) => gateway.errors.push(message) },
  };
  const api = createApi(sources, { ...startup, ...overrides }, dashboardFolder);
  const { port } = await api.listen();
  return Object.assign(gateway, {
    port,
    listeners: () => listeners.size,
    changed: (change: ApiChange) => {
      for (const listener of listeners) listener(change);
    },
    get: (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
      ask(port, path, headers, method),
    close: api.close,
  });
}

function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  method: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = String(response.headers['content-type']).startsWith('application/json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson && text !== '' ? JSON.parse(text) : undefined,
        });
      });
    })
      .on('error', reject)
      .end();
  });
}
