// Recorded answers of the API, as a small installation gives them: a speech cluster with one replica that is loading
// and one that fails, a single instance, and the two label mistakes that people make most.
import type {
  Diagnostic,
  EntryPointView,
  MiddlewareView,
  OverviewView,
  ProviderState,
  ReplicaView,
  RouterView,
  ServiceView,
  VersionView,
} from '../../src/model/view.ts';

/** Everything that the API answers from. `overview` and the replicas inside services are worked out from this. */
export type Recording = {
  routers: readonly RouterView[];
  services: readonly Omit<ServiceView, 'replicas'>[];
  middlewares: readonly MiddlewareView[];
  replicas: readonly ReplicaView[];
  diagnostics: readonly Diagnostic[];
  providerStates: readonly ProviderState[];
  entryPoints: readonly EntryPointView[];
  version: VersionView;
  configVersion: number;
};

/** ISO 8601 of a time before now, so that ages look alive whenever the recording is played. */
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** A router that works; `overrides` make it another. */
export function makeRouter(name: string, overrides: Partial<RouterView> = {}): RouterView {
  return {
    name: `${name}@docker`,
    provider: 'docker',
    status: 'enabled',
    entryPoints: ['web'],
    service: name,
    rule: `Host(\`${name}.example.com\`)`,
    ruleSyntax: 'v3',
    priority: 24,
    priorityStr: '24',
    using: ['web'],
    origins: [`${name}-1`],
    diagnostics: [],
    ...overrides,
  };
}

/** A load balancer; its replicas stand apart. */
export function makeService(
  name: string,
  overrides: Partial<Recording['services'][number]> = {},
): Recording['services'][number] {
  return {
    name: `${name}@docker`,
    provider: 'docker',
    type: 'loadbalancer',
    status: 'enabled',
    loadBalancer: { servers: [], strategy: 'wrr', passHostHeader: true },
    usedBy: [`${name}@docker`],
    serverStatus: {},
    origins: [`${name}-1`],
    diagnostics: [],
    ...overrides,
  };
}

/** A ready replica of `service`. */
export function makeReplica(
  service: string,
  container: string,
  overrides: Partial<ReplicaView> = {},
): ReplicaView {
  return {
    id: `${container}:7860`,
    service: `${service}@docker`,
    url: 'http://172.20.0.4:7860',
    container: { id: `c0ffee${container}`, name: container },
    weight: 1,
    state: 'ready',
    health: 'none',
    ready: true,
    since: ago(5 * 3600),
    inFlight: 0,
    requests: 0,
    failures: 0,
    ...overrides,
  };
}

/** An error in a router's rule; `overrides` make it another. */
export function makeDiagnostic(overrides: Partial<Diagnostic> = {}): Diagnostic {
  return {
    severity: 'error',
    code: 'rule-syntax',
    provider: 'docker',
    object: { kind: 'router', name: 'web@docker' },
    container: 'web-1',
    message: 'The rule cannot be read.',
    ...overrides,
  };
}

const badRule = makeDiagnostic({
  object: { kind: 'router', name: 'studio@docker' },
  container: 'studio-1',
  label: 'traefik.http.routers.studio.rule=Hots(`studio.example.com`) && PathPrefix(`/v1`)',
  position: 0,
  message: 'There is no matcher "Hots".',
  hint: 'Did you mean Host?',
  fix: 'traefik.http.routers.studio.rule=Host(`studio.example.com`) && PathPrefix(`/v1`)',
});
const unknownMiddleware = makeDiagnostic({
  severity: 'error',
  code: 'unknown-reference',
  object: { kind: 'router', name: 'admin@docker' },
  container: 'admin-1',
  label: 'traefik.http.routers.admin.middlewares=atuh',
  message: 'There is no middleware atuh@docker.',
  hint: 'Did you mean auth@docker?',
  fix: 'traefik.http.routers.admin.middlewares=auth',
});

/** A fresh copy, whose parts a caller may replace. */
export function recorded(): Recording {
  return {
    routers: [
      makeRouter('cosy-lb', {
        rule: 'PathPrefix(`/`)',
        service: 'cosy-cluster',
        priority: 15,
        priorityStr: '15',
        origins: ['tts-cosyvoice-1', 'tts-cosyvoice-2', 'tts-cosyvoice-3', 'tts-cosyvoice-4'],
      }),
      makeRouter('cosy1', {
        rule: 'Host(`cosy1.example.com`)',
        middlewares: ['auth', 'speech-headers'],
        tls: { options: 'default', certResolver: 'letsencrypt' },
        entryPoints: ['websecure'],
        using: ['websecure'],
      }),
      makeRouter('preview', { rule: 'Host(`preview.example.com`) && PathPrefix(`/generate`)' }),
      makeRouter('studio', {
        status: 'disabled',
        rule: 'Hots(`studio.example.com`) && PathPrefix(`/v1`)',
        using: [],
        error: ['There is no matcher "Hots".'],
        diagnostics: [badRule],
      }),
      makeRouter('admin', {
        status: 'disabled',
        middlewares: ['atuh'],
        error: ['There is no middleware atuh@docker.'],
        diagnostics: [unknownMiddleware],
      }),
    ],
    services: [
      makeService('cosy-cluster', {
        usedBy: ['cosy-lb@docker'],
        loadBalancer: {
          servers: [{ url: 'http://172.20.0.4:7860' }, { url: 'http://172.20.0.5:7860' }],
          strategy: 'wrr',
          passHostHeader: true,
          healthCheck: { path: '/healthz', interval: '10s', timeout: '5s' },
        },
      }),
      makeService('cosy1'),
      makeService('preview'),
      makeService('studio'),
      makeService('admin'),
    ],
    middlewares: [
      {
        name: 'auth@docker',
        provider: 'docker',
        type: 'basicauth',
        status: 'enabled',
        usedBy: ['cosy1@docker'],
        origins: ['cosy1-1'],
        diagnostics: [],
        basicAuth: { users: ['<redacted>'], realm: 'speech', removeHeader: true },
      },
      {
        name: 'speech-headers@docker',
        provider: 'docker',
        type: 'headers',
        status: 'enabled',
        usedBy: ['cosy1@docker'],
        origins: ['cosy1-1'],
        diagnostics: [],
        headers: { customRequestHeaders: { 'X-Model-Version': 'v3' }, stsSeconds: 31536000 },
      },
    ],
    replicas: [
      makeReplica('cosy-cluster', 'tts-cosyvoice-1', {
        health: 'up',
        inFlight: 3,
        requests: 1840,
        url: 'http://172.20.0.4:7860',
      }),
      makeReplica('cosy-cluster', 'tts-cosyvoice-2', {
        health: 'up',
        inFlight: 4,
        requests: 1851,
        failures: 7,
        url: 'http://172.20.0.5:7860',
      }),
      makeReplica('cosy-cluster', 'tts-cosyvoice-3', {
        state: 'starting',
        health: 'unknown',
        ready: false,
        since: ago(42),
        reason: 'Its HEALTHCHECK has not passed yet.',
        url: 'http://172.20.0.6:7860',
      }),
      makeReplica('cosy-cluster', 'tts-cosyvoice-4', {
        health: 'down',
        ready: false,
        requests: 912,
        failures: 31,
        since: ago(190),
        reason: 'The health check fails: GET /healthz timed out after 5 s.',
        lastError: 'GET /healthz timed out after 5 s.',
        url: 'http://172.20.0.7:7860',
      }),
      makeReplica('cosy1', 'cosy1-1', { inFlight: 1, requests: 77, url: 'http://172.20.0.9:7860' }),
      makeReplica('preview', 'preview-1', {
        state: 'unhealthy',
        ready: false,
        since: ago(1300),
        reason: 'Its HEALTHCHECK fails.',
        url: 'http://172.20.0.10:7860',
      }),
      makeReplica('studio', 'studio-1', { url: 'http://172.20.0.11:7860' }),
      makeReplica('admin', 'admin-1', { url: 'http://172.20.0.12:8000' }),
    ],
    diagnostics: [
      badRule,
      unknownMiddleware,
      makeDiagnostic({
        severity: 'warning',
        code: 'wrong-root',
        object: { kind: 'container', name: 'whisper-1' },
        container: 'whisper-1',
        label: 'trafik.enable=true',
        message: 'Nobody reads labels that begin with "trafik".',
        hint: 'Did you mean `traefik.enable`?',
      }),
      makeDiagnostic({
        severity: 'warning',
        code: 'unknown-key',
        object: { kind: 'middleware', name: 'add-ver@docker' },
        container: 'tts-cosyvoice-1',
        label: 'traefik.http.middlewares.add-ver.header.options.customrequestheaders.X-Model-Version=v3',
        message: 'There is no middleware kind "header".',
        hint: 'Did you mean "headers"?',
        fix: 'traefik.http.middlewares.add-ver.headers.customrequestheaders.X-Model-Version=v3',
      }),
      makeDiagnostic({
        severity: 'info',
        code: 'misread-by-traefik',
        object: { kind: 'router', name: 'cosy1@docker' },
        container: 'cosy1-1',
        label: 'traefik.http.routers.cosy1.tls=1',
        message: 'Traefik takes "1" as false here, and so does Berth.',
        hint: 'Write true.',
        fix: 'traefik.http.routers.cosy1.tls=true',
      }),
    ],
    providerStates: [{ provider: 'docker', state: 'up', since: ago(6 * 3600) }],
    entryPoints: [
      { name: 'web', address: ':80', asDefault: true, forwardedHeaders: {}, transport: {} },
      { name: 'websecure', address: ':443', asDefault: false, forwardedHeaders: {}, transport: {} },
      { name: 'traefik', address: ':8080', asDefault: false, forwardedHeaders: {}, transport: {} },
    ],
    version: { Version: '0.1.0', Codename: 'berth', startDate: ago(6 * 3600), product: 'Berth' },
    configVersion: 12,
  };
}

/** `/api/overview`, counted from the rest. */
export function overviewOf(recording: Recording): OverviewView {
  const { routers, services, middlewares, replicas, diagnostics, providerStates, configVersion } = recording;
  const none = { total: 0, warnings: 0, errors: 0 };
  const severe = (severity: Diagnostic['severity']) =>
    diagnostics.filter((one) => one.severity === severity).length;
  return {
    http: { routers: count(routers), services: count(services), middlewares: count(middlewares) },
    tcp: { routers: none, services: none, middlewares: none },
    udp: { routers: none, services: none },
    certificates: none,
    features: { tracing: '', metrics: 'Prometheus', accessLog: true },
    providers: ['Docker'],
    berth: {
      configVersion,
      name: '',
      diagnostics: { errors: severe('error'), warnings: severe('warning'), infos: severe('info') },
      replicas: { total: replicas.length, ready: replicas.filter((one) => one.ready).length },
      inFlight: replicas.reduce((sum, one) => sum + one.inFlight, 0),
      providerStates,
    },
  };
}

function count(list: readonly { readonly status: string }[]) {
  const withStatus = (status: string) => list.filter((one) => one.status === status).length;
  return { total: list.length, warnings: withStatus('warning'), errors: withStatus('disabled') };
}
