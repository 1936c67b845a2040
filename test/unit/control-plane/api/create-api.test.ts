// The internal entry point over real HTTP: Traefik's paths and shapes.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  composite,
  config,
  diagnostic,
  type FakeGateway,
  healthCheck,
  middleware,
  replica,
  router,
  service,
  startFakeGateway,
} from './fake-gateway.ts';

describe('the API', { timeout: 20_000 }, () => {
  let gateway: FakeGateway;
  before(async () => {
    gateway = await startFakeGateway();
  });
  after(() => gateway.close());
  beforeEach(() => {
    gateway.config = config({});
    gateway.health.clear();
    gateway.loads.clear();
    gateway.terminating = false;
  });

  it('shows its version and start in the form of Traefik', async () => {
    assert.deepEqual((await gateway.get('/api/version')).json, {
      Version: '0.1.0',
      Codename: '',
      startDate: '2026-01-01T00:00:00.000Z',
      product: 'Berth',
    });
  });

  it('counts objects, replicas and diagnostics in the overview', async () => {
    gateway.config = config({
      version: 7,
      routers: [router('a@docker'), router('b@docker', { status: 'disabled' })],
      services: [
        service('tts@docker', {
          status: 'warning',
          replicas: [replica('a:80'), replica('b:80', { state: 'paused' })],
        }),
      ],
      diagnostics: [diagnostic(), diagnostic({ severity: 'error' })],
    });
    gateway.loads.set('tts@docker a:80', load('a:80', 3));
    gateway.providers.splice(0, 9, { provider: 'docker', state: 'up', since: '2026-01-01T00:00:00.000Z' });
    const { json } = await gateway.get('/api/overview');
    assert.deepEqual(json.http.routers, { total: 2, warnings: 0, errors: 1 });
    assert.deepEqual(json.http.services, { total: 1, warnings: 1, errors: 0 });
    assert.deepEqual(json.tcp, {
      routers: { total: 0, warnings: 0, errors: 0 },
      services: { total: 0, warnings: 0, errors: 0 },
      middlewares: { total: 0, warnings: 0, errors: 0 },
    });
    assert.deepEqual(json.features, { tracing: '', metrics: 'Prometheus', accessLog: false });
    assert.deepEqual(json.berth, {
      configVersion: 7,
      name: 'lab',
      diagnostics: { errors: 1, warnings: 1, infos: 0 },
      replicas: { total: 2, ready: 1 },
      inFlight: 3,
      providerStates: [{ provider: 'docker', state: 'up', since: '2026-01-01T00:00:00.000Z' }],
    });
  });

  it('shows entry points by name, with durations as Go writes them', async () => {
    const { json } = await gateway.get('/api/entrypoints/web');
    assert.deepEqual(json, {
      name: 'web',
      address: ':80',
      asDefault: false,
      forwardedHeaders: { trustedIPs: ['10.0.0.0/8'] },
      transport: {
        lifeCycle: { requestAcceptGraceTimeout: '0s', graceTimeOut: '10s' },
        respondingTimeouts: {
          readTimeout: '1m0s',
          writeTimeout: '0s',
          idleTimeout: '3m0s',
          stallTimeout: '50s',
        },
      },
    });
    const all = (await gateway.get('/api/entrypoints')).json;
    assert.deepEqual(
      all.map((one: { name: string }) => one.name),
      ['traefik', 'udp', 'web'],
    );
    const udp = all[1];
    assert.deepEqual([udp.address, udp.udp], [':53/udp', { timeout: '3s' }]);
    assert.equal((await gateway.get('/api/entrypoints/no')).status, 404);
  });

  it('shows a router with what uses it, its errors and its diagnostics', async () => {
    const fault = diagnostic({ severity: 'error', object: { kind: 'router', name: 'r@docker' } });
    gateway.config = config({
      routers: [
        router('r@docker', {
          status: 'disabled',
          errors: ['The service does not exist.'],
          middlewares: ['m@docker'],
        }),
      ],
      diagnostics: [fault, diagnostic()],
    });
    assert.deepEqual((await gateway.get('/api/http/routers/r@docker')).json, {
      name: 'r@docker',
      provider: 'docker',
      status: 'disabled',
      entryPoints: ['web'],
      middlewares: ['m@docker'],
      service: 'tts@docker',
      rule: 'PathPrefix(`/`)',
      ruleSyntax: 'v3',
      priority: 15,
      priorityStr: '15',
      error: ['The service does not exist.'],
      using: [],
      origins: ['web-1'],
      diagnostics: [fault],
    });
  });

  it('shows a service with the state of each replica and why it gets no requests', async () => {
    gateway.config = config({
      routers: [router('r@docker')],
      services: [
        service('tts@docker', {
          healthCheck,
          stickyCookie: { secure: false, httpOnly: true, maxAge: 0, path: '/', domain: '' },
          replicas: [
            replica('up:1'),
            replica('down:2', { weight: 3 }),
            replica('new:3'),
            replica('paused:4', { state: 'paused', since: Date.UTC(2026, 5, 1) }),
          ],
        }),
      ],
    });
    const since = Date.UTC(2026, 2, 1);
    gateway.health.set('tts@docker up:1', { verdict: 'up', since });
    gateway.health.set('tts@docker down:2', { verdict: 'down', since, lastError: 'It answered 500.' });
    gateway.health.set('tts@docker paused:4', { verdict: 'up', since });
    gateway.loads.set('tts@docker up:1', load('up:1', 2));
    const { json } = await gateway.get('/api/http/services/tts@docker');
    assert.equal(json.type, 'loadbalancer');
    assert.deepEqual(json.usedBy, ['r@docker']);
    assert.deepEqual(json.serverStatus, {
      'http://172.18.0.2:1': 'UP',
      'http://172.18.0.2:2': 'DOWN',
      'http://172.18.0.2:3': 'DOWN',
      'http://172.18.0.2:4': 'DOWN',
    });
    assert.deepEqual(json.loadBalancer.sticky, { cookie: { name: '_a8dc5', httpOnly: true, path: '/' } });
    assert.deepEqual(json.loadBalancer.servers[1], { url: 'http://172.18.0.2:2', weight: 3 });
    assert.equal(json.loadBalancer.healthCheck.interval, '10s');
    assert.equal(json.loadBalancer.healthCheck.unhealthyInterval, '1m30s');
    assert.deepEqual(json.replicas[0], {
      id: 'up:1',
      service: 'tts@docker',
      url: 'http://172.18.0.2:1',
      container: { id: 'up', name: 'tts-1' },
      weight: 1,
      state: 'ready',
      health: 'up',
      ready: true,
      since: '2026-03-01T00:00:00.000Z',
      inFlight: 2,
      requests: 5,
      failures: 1,
    });
    assert.deepEqual(
      json.replicas.map((one: { ready: boolean; health: string; reason?: string; since: string }) => [
        one.ready,
        one.health,
        one.reason,
      ]),
      [
        [true, 'up', undefined],
        [false, 'down', 'Its health check fails: It answered 500.'],
        [false, 'unknown', 'Its health check has not ended yet.'],
        [false, 'up', 'The container is paused.'],
      ],
    );
    assert.equal(json.replicas[3].since, '2026-06-01T00:00:00.000Z');
  });

  it('shows a service over services with how its members are, in the form of Traefik', async () => {
    const member = (name: string, weight = 1) => ({ name: `${name}@docker`, written: name, weight });
    gateway.config = config({
      services: [
        service('up@docker'),
        service('down@docker', { replicas: [replica('a:1', { state: 'paused' })] }),
        composite('w@docker', {
          kind: 'weighted',
          members: [member('up', 3), member('f')],
          followsHealth: true,
          depth: 2,
          stickyCookie: { name: 'v', secure: true, httpOnly: false, maxAge: 0, path: '/', domain: '' },
        }),
        composite('f@docker', {
          kind: 'failover',
          members: [member('down'), member('down')],
          followsHealth: false,
          depth: 1,
        }),
      ],
    });
    const { json } = await gateway.get('/api/http/services/w@docker');
    assert.equal(json.type, 'weighted');
    assert.deepEqual(json.weighted, {
      services: [
        { name: 'up', weight: 3 },
        { name: 'f', weight: 1 },
      ],
      sticky: { cookie: { name: 'v', secure: true, path: '/' } },
      healthCheck: {},
    });
    assert.deepEqual(json.members, [
      { name: 'up@docker', weight: 3, status: 'UP' },
      { name: 'f@docker', weight: 1, status: 'DOWN' },
    ]);
    assert.equal(json.loadBalancer, undefined);
    assert.equal(json.serverStatus, undefined);
    const { json: other } = await gateway.get('/api/http/services/f@docker');
    assert.deepEqual(other.failover, { service: 'down', fallback: 'down' });
  });

  it('shows a middleware under the name of its kind', async () => {
    gateway.config = config({
      routers: [router('r@docker', { middlewares: ['m@docker'] })],
      middlewares: [middleware('m@docker', { kind: 'stripPrefix', options: { prefixes: ['/a'] } })],
    });
    const { json } = await gateway.get('/api/http/middlewares/m@docker');
    assert.deepEqual(json.stripPrefix, { prefixes: ['/a'] });
    assert.equal(json.type, 'stripprefix');
    assert.deepEqual(json.usedBy, ['r@docker']);
  });

  it('shows everything by name as rawdata, and leaves out what there is none of', async () => {
    gateway.config = config({
      routers: [router('__proto__'), router('b@docker')],
      services: [service('tts@docker')],
    });
    const { json } = await gateway.get('/api/rawdata');
    assert.deepEqual(Object.keys(json), ['routers', 'services']);
    assert.deepEqual(Object.keys(json.routers).sort(), ['__proto__', 'b@docker']);
    assert.equal(json.services['tts@docker'].serverStatus['http://172.18.0.2:80'], 'UP');
  });

  it('answers for kinds of which there is nothing with empty lists', async () => {
    for (const path of ['udp/routers', 'udp/services', 'certificates']) {
      const { json, headers } = await gateway.get(`/api/${path}`);
      assert.deepEqual(json, []);
      assert.equal(headers['x-next-page'], '1');
    }
    const missing = await gateway.get('/api/udp/routers/x@docker');
    assert.equal(missing.status, 404);
    assert.deepEqual(missing.json, { message: 'router not found: x@docker' });
  });

  it('shows TCP routers and services in the shapes of Traefik, and their replicas beside those of HTTP', async () => {
    const common = { provider: 'docker', status: 'enabled' as const, errors: [], origins: ['db'] };
    gateway.config = config({
      services: [{ ...service('db@docker'), replicas: [] }],
      tcpRouters: [
        {
          ...common,
          name: 'db@docker',
          rule: 'HostSNI(`db.test`)',
          ruleSyntax: 'v3',
          priority: 18,
          entryPoints: ['web'],
          middlewares: ['allow@docker'],
          service: 'db@docker',
          tls: { passthrough: true },
        },
      ],
      tcpMiddlewares: [
        { ...common, name: 'allow@docker', kind: 'ipAllowList', options: { sourceRange: ['::1'] } },
      ],
      tcpServices: [
        {
          ...common,
          name: 'db@docker',
          relay: { proxyProtocol: 2, terminationDelayMs: 100 },
          replicas: [
            { id: 'a:1', url: 'tcp://10.0.0.1:1', weight: 1, preservePath: false, state: 'ready', since: 0 },
            { id: 'b:2', url: 'tls://10.0.0.2:2', weight: 1, preservePath: false, state: 'paused', since: 0 },
          ],
        },
      ],
    });
    gateway.loads.set('db@docker (tcp) a:1', load('a:1', 2));
    const { json: routers } = await gateway.get('/api/tcp/routers?search=DB.TEST');
    assert.equal(routers.length, 1);
    assert.deepEqual(routers[0].tls, { passthrough: true });
    assert.equal(routers[0].priorityStr, '18');
    const { json: allow } = await gateway.get('/api/tcp/middlewares/allow@docker');
    assert.deepEqual(
      [allow.type, allow.ipAllowList, allow.usedBy],
      ['ipallowlist', { sourceRange: ['::1'] }, ['db@docker']],
    );
    const { json: one } = await gateway.get('/api/tcp/services/db@docker');
    assert.deepEqual(
      [one.loadBalancer.proxyProtocol, one.loadBalancer.terminationDelay],
      [{ version: 2 }, 100],
    );
    assert.deepEqual(one.loadBalancer.servers, [
      { address: '10.0.0.1:1' },
      { address: '10.0.0.2:2', tls: true },
    ]);
    assert.deepEqual(one.serverStatus, { '10.0.0.1:1': 'UP', '10.0.0.2:2': 'DOWN' });
    assert.deepEqual(one.usedBy, ['db@docker']);
    assert.equal(one.replicas[0].inFlight, 2);
    const { json: replicas } = await gateway.get('/api/replicas?service=db@docker%20(tcp)');
    assert.deepEqual(
      replicas.map(({ id, service: of }: { id: string; service: string }) => [id, of]),
      [
        ['a:1', 'db@docker (tcp)'],
        ['b:2', 'db@docker (tcp)'],
      ],
    );
    const { json: overview } = await gateway.get('/api/overview');
    assert.deepEqual(overview.tcp.routers, { total: 1, warnings: 0, errors: 0 });
    assert.deepEqual(overview.berth.replicas, { total: 2, ready: 1 });
    assert.equal(overview.berth.inFlight, 2);
  });

  it('shows UDP routers and services in the shapes of Traefik', async () => {
    const common = { provider: 'docker', status: 'enabled' as const, errors: [], origins: ['dns'] };
    const url = 'udp://10.0.0.1:53';
    gateway.config = config({
      udpRouters: [{ ...common, name: 'dns@docker', entryPoints: ['udp'], service: 'dns@docker' }],
      udpServices: [{ ...common, name: 'dns@docker', replicas: [{ ...replica('a:1'), url }] }],
    });
    gateway.loads.set('dns@docker (udp) a:1', load('a:1', 3));
    const { json: router } = await gateway.get('/api/udp/routers/dns@docker');
    assert.deepEqual([router.using, router.service, 'rule' in router], [['udp'], 'dns@docker', false]);
    const [one] = (await gateway.get('/api/udp/services')).json;
    assert.deepEqual(one.loadBalancer, { servers: [{ address: '10.0.0.1:53' }] });
    assert.deepEqual([one.usedBy, one.serverStatus], [['dns@docker'], { '10.0.0.1:53': 'UP' }]);
    assert.equal(one.replicas[0].inFlight, 3);
    const { json: overview } = await gateway.get('/api/overview');
    assert.deepEqual(overview.udp.routers, { total: 1, warnings: 0, errors: 0 });
    assert.equal(overview.berth.inFlight, 3);
  });

  it('says what was not found in the words of Traefik', async () => {
    for (const [path, message] of [
      ['http/routers/no@docker', 'router not found: no@docker'],
      ['http/services/no@docker', 'service not found: no@docker'],
      ['http/middlewares/no@docker', 'middleware not found: no@docker'],
      ['nothing', '404 page not found'],
    ]) {
      const { status, json } = await gateway.get(`/api/${path}`);
      assert.equal(status, 404);
      assert.deepEqual(json, { message });
    }
  });

  it('filters diagnostics and puts errors first', async () => {
    gateway.config = config({
      diagnostics: [
        diagnostic({ message: 'one' }),
        diagnostic({ message: 'two', severity: 'error', container: 'b' }),
        diagnostic({ message: 'three', severity: 'info' }),
      ],
    });
    const messages = async (query: string) =>
      (await gateway.get(`/api/diagnostics${query}`)).json.map((one: { message: string }) => one.message);
    assert.deepEqual(await messages(''), ['two', 'one', 'three']);
    assert.deepEqual(await messages('?severity=error'), ['two']);
    assert.deepEqual(await messages('?container=web-1'), ['one', 'three']);
    assert.equal((await gateway.get('/api/diagnostics?severity=bad')).status, 400);
  });

  it('lists replicas of all services, or of one', async () => {
    gateway.config = config({
      services: [service('a@docker'), service('b@docker', { replicas: [replica('b:1'), replica('b:2')] })],
    });
    assert.equal((await gateway.get('/api/replicas')).json.length, 3);
    assert.equal((await gateway.get('/api/replicas?service=b%40docker')).json.length, 2);
  });

  it('takes any name that a label can hold', async () => {
    const names = [
      '<img src=x onerror=alert(1)>@docker',
      '__proto__',
      'constructor',
      'a/b?c#d@docker',
      '\u2028"\\\u0000@docker',
      `${'n'.repeat(64 * 1024)}@docker`,
    ];
    gateway.config = config({ routers: names.map((name) => router(name)) });
    const list = await gateway.get('/api/http/routers');
    assert.deepEqual(list.json.map((one: { name: string }) => one.name).sort(), names.toSorted());
    assert.doesNotMatch(list.text, /[<>&\u2028]/);
    for (const name of names) {
      const { status, json } = await gateway.get(`/api/http/routers/${encodeURIComponent(name)}`);
      assert.equal(status, 200);
      assert.equal(json.name, name);
    }
    assert.equal((await gateway.get('/api/http/routers/toString')).status, 404);
    assert.equal((await gateway.get('/api/http/routers/%E0%A4%A')).status, 400);
  });

  it('explains a request: which router takes it, and why nothing gets it', async () => {
    gateway.config = config({
      routers: [router('a@docker', { rule: 'Host(`a.test`)' })],
      services: [service('tts@docker', { healthCheck })],
    });
    gateway.health.set('tts@docker abc:80', { verdict: 'down', since: 1, lastError: 'It answered 500.' });
    const ask = (query: string) => gateway.get(`/api/explain?${query}`);
    const { status, json } = await ask('url=http://a.test/x&entryPoint=web');
    assert.equal(status, 200);
    assert.deepEqual([json.outcome.status, json.routers[0].verdict], [503, 'chosen']);
    assert.match(json.replicas[0].reason, /It answered 500/);
    const wrong = await ask('url=a.test');
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.message, /Write it whole/);
  });

  it('shows no secret anywhere', async () => {
    gateway.config = config({
      middlewares: [
        middleware('auth@docker', {
          kind: 'basicAuth',
          options: { users: ['alice:$apr1$hunter2'], realm: 'lab' },
        }),
        middleware('headers@docker', {
          kind: 'headers',
          options: { customRequestHeaders: { 'X-Api-Key': 'hunter2' }, frameDeny: true },
        }),
      ],
      services: [service('tts@docker', { healthCheck })],
    });
    for (const path of ['rawdata', 'http/middlewares', 'http/services', 'http/middlewares/auth@docker']) {
      assert.doesNotMatch((await gateway.get(`/api/${path}`)).text, /hunter2/, path);
    }
    const [auth, headers] = (await gateway.get('/api/http/middlewares')).json;
    assert.deepEqual(auth.basicAuth, { users: ['<redacted>'], realm: 'lab' });
    assert.deepEqual(headers.headers, {
      customRequestHeaders: { 'X-Api-Key': '<redacted>' },
      frameDeny: true,
    });
  });
});

function load(id: string, inFlight: number) {
  return { service: 'tts@docker', replica: id, inFlight, requests: 5, failures: 1, lastRequest: 1 };
}
