// TCP routers and services: references, rules and entry points are checked, and what Berth has not yet opens nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { Declared, ProviderConfig } from '../../../../src/model/provider-config.ts';
import type { TcpBalancingOptions, TcpRouterOptions } from '../../../../src/model/tcp.ts';
import type { TcpMiddlewareOptions } from '../../../../src/model/tcp-middlewares.ts';
import { createResolver, resolve } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareRouter, declareService, replicaOf } from '../../../support/declare.ts';

const entryPoints = [
  { name: 'web', asDefault: false },
  { name: 'db', asDefault: true },
];

function router(name: string, options: TcpRouterOptions): Declared<TcpRouterOptions> {
  const labels = ['rule', 'service', 'middlewares', 'entrypoints'].map(
    (option) => `traefik.tcp.routers.${name}.${option}`,
  );
  return { name, options: { service: 'db', ...options }, origins: ['c'], faults: [], labels };
}

const service = { name: 'db', options: {}, origins: ['c'], faults: [], replicas: [replicaOf('r')] };

function allow(name: string, range: string): Declared<TcpMiddlewareOptions> {
  const options = { kind: 'ipAllowList' as const, options: { sourceRange: [range] } };
  const labels = [`traefik.tcp.middlewares.${name}.ipAllowList.sourceRange`];
  return { name, options, origins: ['c'], faults: [], labels };
}

function resolved(...routers: readonly Declared<TcpRouterOptions>[]) {
  const provider = declare({
    services: [],
    tcpRouters: routers,
    tcpServices: [service],
    tcpMiddlewares: [allow('allow', '10.0.0.0/8'), allow('faulty', '10.0.0.0/99')],
  });
  return resolve({
    providers: [provider],
    entryPoints,
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
}

/** The only router of these options, and what is said of it. */
function judged(options: TcpRouterOptions) {
  const config = resolved(router('r', options));
  const one = config.tcpRouters.get('r@docker') ?? assert.fail();
  return { router: one, diagnostics: config.diagnostics };
}

describe('TCP routers', () => {
  it('get their defaults', () => {
    const { router: one, diagnostics } = judged({ rule: 'HostSNI(`*`)' });
    assert.deepEqual(
      diagnostics.map(({ object }) => object.name),
      ['faulty@docker (tcp)'],
    );
    assert.deepEqual(one, {
      name: 'r@docker',
      provider: 'docker',
      status: 'enabled',
      errors: [],
      origins: ['c'],
      rule: 'HostSNI(`*`)',
      ruleSyntax: 'v3',
      priority: -1,
      entryPoints: ['db'],
      middlewares: [],
      service: 'db@docker',
    });
    const named = judged({ rule: 'HostSNI(`a.test`)', priority: 7, tls: { passthrough: true } }).router;
    assert.deepEqual([named.priority, named.tls], [7, { passthrough: true }]);
    assert.deepEqual(judged({ rule: 'HostSNI(`a.test`)', tls: {} }).router.tls, { passthrough: false });
  });

  const faulty: readonly (readonly [name: string, options: TcpRouterOptions, message: RegExp])[] = [
    ['a name without TLS', { rule: 'HostSNI(`a.test`)' }, /needs TLS/],
    ['a matcher of HTTP', { rule: 'Host(`a.test`)' }, /no matcher "Host"/],
    ['an unknown service', { rule: 'HostSNI(`*`)', service: 'dp' }, /There is no service dp@docker/],
    ['an unknown middleware', { rule: 'HostSNI(`*`)', middlewares: ['alow'] }, /no middleware alow@docker/],
    ['a faulty middleware', { rule: 'HostSNI(`*`)', middlewares: ['faulty'] }, /faulty@docker is disabled/],
    ['no entry point that exists', { rule: 'HostSNI(`*`)', entryPoints: ['no'] }, /None of the entry points/],
  ];
  for (const [name, options, message] of faulty) {
    it(`are disabled by ${name}, in their own name`, () => {
      const { router: one, diagnostics } = judged(options);
      assert.equal(one.status, 'disabled');
      const errors = diagnostics.filter(
        ({ severity, object }) => severity === 'error' && object.kind === 'router',
      );
      assert.match(errors[0]?.message ?? '', message);
      assert.deepEqual(errors[0]?.object, { kind: 'router', name: 'r@docker (tcp)' });
      assert.match(errors[0]?.label ?? '', /^traefik\.tcp\.routers\.r\./);
    });
  }

  it('of one rule warn of each other, and not of HTTP routers', () => {
    const config = resolved(router('a', { rule: 'HostSNI(`*`)' }), router('b', { rule: 'HostSNI(`*`)' }));
    assert.deepEqual(
      [...config.tcpRouters.values()].map(({ status }) => status),
      ['warning', 'warning'],
    );
    assert.match(
      config.diagnostics.at(-1)?.message ?? '',
      /Same rule, .* a@docker \(c\)\. The requests go to a@docker/,
    );
  });

  it('with v2 syntax are read as v3, with a warning where that matters', () => {
    assert.equal(judged({ rule: 'HostSNI(`*`)', ruleSyntax: 'v2' }).router.status, 'enabled');
    const { router: one } = judged({ rule: 'HostSNIRegexp(`a`)', ruleSyntax: 'v2', tls: {} });
    assert.equal(one.status, 'warning');
  });
});

describe('TCP services', () => {
  const relayOf = (options: TcpBalancingOptions) => {
    const config = resolve({
      providers: [declare({ services: [], tcpServices: [{ ...service, options }] })],
      entryPoints,
      defaultRuleSyntax: 'v3',
      previous: emptyDynamicConfig,
    });
    const one = config.tcpServices.get('db@docker') ?? assert.fail();
    return { ...one, diagnostics: config.diagnostics };
  };

  it('say how connections are passed on', () => {
    assert.deepEqual(relayOf({}).relay, {});
    assert.deepEqual(relayOf({ proxyProtocol: {}, terminationDelay: -1 }).relay, { proxyProtocol: 2 });
    assert.deepEqual(relayOf({ proxyProtocol: { version: 1 }, terminationDelay: 0 }).relay, {
      terminationDelayMs: 0,
      proxyProtocol: 1,
    });
  });

  it('have a health check with Traefik’s defaults', () => {
    const times = { interval: 30_000, unhealthyInterval: 30_000, timeout: 5_000 };
    assert.deepEqual(relayOf({ healthCheck: {} }).healthCheck, {
      mode: 'tcp',
      send: '',
      expect: '',
      ...times,
    });
    const own = relayOf({
      healthCheck: { port: 1, send: 'PING', expect: 'PONG', interval: 10_000, timeout: 0 },
    });
    assert.deepEqual(own.healthCheck, {
      mode: 'tcp',
      ...{ port: 1, send: 'PING', expect: 'PONG' },
      ...{ interval: 10_000, unhealthyInterval: 10_000, timeout: 5_000 },
    });
    assert.match(own.diagnostics[0]?.message ?? '', /timeout must be more than 0/);
    assert.equal(relayOf({ healthCheck: { send: 'x'.repeat(65_536) } }).status, 'disabled');
  });

  it('are disabled by a version that there is not', () => {
    const { status, diagnostics } = relayOf({ proxyProtocol: { version: 3 } });
    assert.equal(status, 'disabled');
    assert.match(diagnostics[0]?.message ?? '', /no version 3/);
  });
});

describe('TCP beside HTTP', () => {
  const both = (extra: Partial<ProviderConfig> = {}): ProviderConfig => ({
    ...declare({
      routers: [declareRouter('db', { service: 'db' })],
      services: [declareService('db')],
      tcpRouters: [router('db', { rule: 'HostSNI(`*`)' })],
      tcpServices: [service],
    }),
    ...extra,
  });

  it('may have the same names', () => {
    const config = resolve({
      providers: [both()],
      entryPoints,
      defaultRuleSyntax: 'v3',
      previous: emptyDynamicConfig,
    });
    assert.equal(config.routers.get('db@docker')?.rule, 'Host(`db.test`)');
    assert.equal(config.tcpRouters.get('db@docker')?.rule, 'HostSNI(`*`)');
    assert.deepEqual(config.diagnostics, []);
  });

  it('keeps what did not change, and follows a service that comes and goes', () => {
    const step = createResolver();
    const settings = { entryPoints, defaultRuleSyntax: 'v3' as const };
    const first = step({ ...settings, providers: [both()], previous: emptyDynamicConfig });
    const gone = step({ ...settings, providers: [both({ tcpServices: new Map() })], previous: first });
    assert.equal(gone.tcpRouters.get('db@docker')?.status, 'disabled');
    assert.equal(gone.routers, first.routers);
    assert.equal(gone.services, first.services);
    const back = step({ ...settings, providers: [both()], previous: gone });
    assert.equal(back.tcpRouters.get('db@docker')?.status, 'enabled');
    assert.equal(step({ ...settings, providers: [both()], previous: back }).tcpRouters, back.tcpRouters);
  });
});
