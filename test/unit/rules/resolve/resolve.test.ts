// Declarations → DynamicConfig: names, references, rules, entry points, defaults and the reasons of what is disabled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig, isTlsOn, type Router } from '../../../../src/model/dynamic-config.ts';
import type { ProviderConfig } from '../../../../src/model/provider-config.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import {
  balancedIn,
  declare,
  declareMiddleware,
  declareRouter,
  declareService,
  faultOf,
} from '../../../support/declare.ts';

const entryPoints = [
  { name: 'web', asDefault: false },
  { name: 'websecure', asDefault: false },
];

function resolveAll(...providers: ProviderConfig[]) {
  return resolve({ providers, entryPoints, defaultRuleSyntax: 'v3', previous: emptyDynamicConfig });
}

function routerOf(config: ReturnType<typeof resolve>, name: string): Router {
  const router = config.routers.get(name);
  assert.ok(router, `there is a router ${name}`);
  return router;
}

test('a plain router is enabled, qualified and filled with defaults', () => {
  const config = resolveAll(declare({ routers: [declareRouter('a')] }));
  assert.equal(config.version, 1);
  assert.deepEqual(routerOf(config, 'a@docker'), {
    name: 'a@docker',
    provider: 'docker',
    status: 'enabled',
    errors: [],
    origins: ['container-a'],
    rule: 'Host(`a.test`)',
    ruleSyntax: 'v3',
    priority: 14,
    entryPoints: ['web', 'websecure'],
    middlewares: [],
    service: 'app@docker',
  });
  assert.deepEqual(config.diagnostics, []);
});

test('a service gets its defaults, and its health check too', () => {
  const config = resolveAll(
    declare({ services: [declareService('app', { healthCheck: { path: 'healthz' } })] }),
  );
  const service = balancedIn(config, 'app@docker');
  assert.equal(service.strategy, 'wrr');
  assert.equal(service?.passHostHeader, true);
  assert.deepEqual(service?.healthCheck, {
    path: '/healthz',
    mode: 'http',
    method: 'GET',
    status: 0,
    interval: 30_000,
    unhealthyInterval: 30_000,
    timeout: 5_000,
    followRedirects: true,
    headers: {},
  });
});

test('senseless lengths of time in a health check are replaced with a warning', () => {
  const healthCheck = { path: '/', interval: -1000, unhealthyInterval: 2000, timeout: 0 };
  const config = resolveAll(declare({ services: [declareService('app', { healthCheck })] }));
  const service = config.services.get('app@docker');
  assert.equal(service?.healthCheck?.interval, 30_000);
  assert.equal(service?.healthCheck?.unhealthyInterval, 2_000);
  assert.equal(service?.healthCheck?.timeout, 5_000);
  assert.equal(service?.status, 'warning');
  assert.deepEqual(
    config.diagnostics.map(({ code, label }) => [code, label]),
    [
      ['bad-value', 'traefik.http.services.app.loadbalancer.healthcheck.interval=-1s'],
      ['bad-value', 'traefik.http.services.app.loadbalancer.healthcheck.timeout=0s'],
    ],
  );
});

test('the priority is the rule’s length in bytes unless one is given, and 0 is none', () => {
  const rule = 'Path(`/ä`)';
  const config = resolveAll(
    declare({
      routers: [
        declareRouter('bytes', { rule }),
        declareRouter('zero', { rule: 'Path(`/z`)', priority: 0 }),
        declareRouter('low', { priority: -5 }),
      ],
    }),
  );
  assert.equal(routerOf(config, 'bytes@docker').priority, 11);
  assert.equal(routerOf(config, 'zero@docker').priority, 10);
  assert.equal(routerOf(config, 'low@docker').priority, -5);
});

test('default entry points are those marked as such', () => {
  const config = resolve({
    providers: [declare({ routers: [declareRouter('a')] })],
    entryPoints: [
      { name: 'web', asDefault: true },
      { name: 'other', asDefault: false },
    ],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  assert.deepEqual(routerOf(config, 'a@docker').entryPoints, ['web']);
});

test('references across providers work by qualified name, and names are matched exactly', () => {
  const file = declare({
    provider: 'file',
    services: [declareService('far')],
    middlewares: [declareMiddleware('auth')],
  });
  const docker = declare({
    routers: [
      declareRouter('good', { service: 'far@file', middlewares: ['own', 'auth@file'] }),
      declareRouter('cased', { service: 'App' }),
    ],
    middlewares: [declareMiddleware('own')],
  });
  const config = resolveAll(docker, file);
  assert.equal(routerOf(config, 'good@docker').status, 'enabled');
  assert.deepEqual(routerOf(config, 'good@docker').middlewares, ['own@docker', 'auth@file']);
  assert.equal(routerOf(config, 'cased@docker').status, 'disabled');
});

test('tls present is kept, and is not the same as absent', () => {
  const config = resolveAll(
    declare({
      routers: [declareRouter('s', { tls: { certResolver: 'le', domains: [] } }), declareRouter('p')],
    }),
  );
  assert.deepEqual(routerOf(config, 's@docker').tls, { certResolver: 'le' });
  assert.equal(routerOf(config, 'p@docker').tls, undefined);
});

test('an entry point adds tls to routers that have none, there and nowhere else', () => {
  const config = resolve({
    providers: [
      declare({
        routers: [
          declareRouter('both'),
          declareRouter('secure', { entryPoints: ['websecure'] }),
          declareRouter('plain', { entryPoints: ['web'] }),
          declareRouter('own', { tls: { options: 'modern' } }),
        ],
      }),
    ],
    entryPoints: [
      { name: 'web', asDefault: false },
      { name: 'websecure', asDefault: false, tls: true },
    ],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  const tlsOf = (name: string) => {
    const router = routerOf(config, `${name}@docker`);
    return [router.tls, router.tlsEntryPoints, ...router.entryPoints.map((at) => isTlsOn(router, at))];
  };
  assert.deepEqual(tlsOf('both'), [undefined, ['websecure'], false, true]);
  assert.deepEqual(tlsOf('secure'), [{}, undefined, true]);
  assert.deepEqual(tlsOf('plain'), [undefined, undefined, false]);
  assert.deepEqual(tlsOf('own'), [{ options: 'modern' }, undefined, true, true]);
});

const disabledCases = [
  {
    name: 'unknown service',
    options: { service: 'apq' },
    reason: 'There is no service apq@docker.',
    hint: 'Did you mean app@docker?',
    label: 'traefik.http.routers.a.service=apq',
  },
  {
    name: 'unknown middleware',
    options: { middlewares: ['stirp'] },
    reason: 'There is no middleware stirp@docker.',
    hint: 'Did you mean strip@docker?',
    label: 'traefik.http.routers.a.middlewares=stirp',
  },
  {
    name: 'no service',
    options: { service: '' },
    reason: 'The router names no service.',
    hint: 'Set its option service.',
    label: undefined,
  },
  {
    name: 'internal service',
    options: { service: 'api@internal' },
    reason: 'There is no service api@internal.',
    hint: 'Switch it on with --api=true.',
    label: 'traefik.http.routers.a.service=api@internal',
  },
];

for (const { name, options, reason, hint, label } of disabledCases) {
  test(`a router with this fault is disabled and says why: ${name}`, () => {
    const config = resolveAll(
      declare({
        routers: [declareRouter('a', options), declareRouter('b')],
        middlewares: [declareMiddleware('strip')],
      }),
    );
    const router = routerOf(config, 'a@docker');
    assert.equal(router.status, 'disabled');
    assert.deepEqual(router.errors, [reason]);
    const [diagnostic, ...rest] = config.diagnostics;
    assert.deepEqual(rest, []);
    assert.equal(diagnostic?.hint, hint);
    assert.equal(diagnostic?.label, label);
    assert.equal(diagnostic?.container, 'container-a');
    assert.deepEqual(diagnostic?.object, { kind: 'router', name: 'a@docker' });
    assert.equal(routerOf(config, 'b@docker').status, 'enabled', 'the other router is not touched');
  });
}

test('a fault in a rule disables the router and says where it is', () => {
  const config = resolveAll(declare({ routers: [declareRouter('a', { rule: 'Host(`x`) && Hots(`y`)' })] }));
  assert.equal(routerOf(config, 'a@docker').status, 'disabled');
  const [diagnostic] = config.diagnostics;
  assert.equal(diagnostic?.code, 'rule-syntax');
  assert.equal(diagnostic?.position, 13);
  assert.match(diagnostic?.hint ?? '', /Host/);
});

test('one unknown entry point is a warning; when none exists, the router is disabled', () => {
  const config = resolveAll(
    declare({
      routers: [
        declareRouter('some', { entryPoints: ['wbe', 'web', 'web'] }),
        declareRouter('none', { entryPoints: ['nowhere'] }),
      ],
    }),
  );
  const some = routerOf(config, 'some@docker');
  assert.equal(some.status, 'warning');
  assert.deepEqual(some.entryPoints, ['web']);
  assert.deepEqual(some.errors, ['There is no entry point "wbe".']);
  assert.equal(routerOf(config, 'none@docker').status, 'disabled');
  const hint = config.diagnostics.find(({ message }) => message.includes('wbe'))?.hint;
  assert.equal(hint, 'Did you mean web?');
});

test('a faulty service or middleware disables the routers that use it, with its reason', () => {
  const config = resolveAll(
    declare({
      routers: [declareRouter('s', { service: 'broken' }), declareRouter('m', { middlewares: ['bad'] })],
      services: [
        declareService('app'),
        declareService('broken', {}, { faults: [faultOf('error', 'No port.')] }),
      ],
      middlewares: [declareMiddleware('bad', undefined, { faults: [faultOf('error', 'Bad prefix.')] })],
    }),
  );
  assert.equal(config.services.get('broken@docker')?.status, 'disabled');
  assert.deepEqual(routerOf(config, 's@docker').errors, ['The service broken@docker is disabled: No port.']);
  assert.deepEqual(routerOf(config, 'm@docker').errors, [
    'The middleware bad@docker is disabled: Bad prefix.',
  ]);
});

test('faults of the declaration decide the status, and information does not', () => {
  const config = resolveAll(
    declare({
      routers: [
        declareRouter('error', {}, { faults: [faultOf('error', 'E.')] }),
        declareRouter('warning', {}, { faults: [faultOf('warning', 'W.')] }),
        declareRouter('info', {}, { faults: [faultOf('info', 'I.')] }),
      ],
    }),
  );
  assert.deepEqual(
    [...config.routers.values()].map(({ status, errors }) => [status, errors]),
    [
      ['disabled', ['E.']],
      ['enabled', []],
      ['warning', ['W.']],
    ],
  );
  assert.equal(config.diagnostics.length, 3);
});

test('a router whose declaration failed gets no second fault for what is missing because of it', () => {
  const config = resolveAll(
    declare({
      routers: [declareRouter('a', { rule: '', service: '' }, { faults: [faultOf('error', 'E.')] })],
    }),
  );
  assert.deepEqual(routerOf(config, 'a@docker').errors, ['E.']);
});

test('v2 rules are read by the router’s syntax or the default one', () => {
  const rule = 'HostRegexp(`{sub:[a-z]+}.example.com`)';
  const own = resolveAll(declare({ routers: [declareRouter('a', { rule, ruleSyntax: 'v2' })] }));
  assert.notEqual(routerOf(own, 'a@docker').status, 'disabled');
  const fallback = resolve({
    providers: [declare({ routers: [declareRouter('a', { rule })] })],
    entryPoints,
    defaultRuleSyntax: 'v2',
    previous: emptyDynamicConfig,
  });
  assert.equal(routerOf(fallback, 'a@docker').ruleSyntax, 'v2');
  assert.notEqual(routerOf(fallback, 'a@docker').status, 'disabled');
});

test('names that are also properties of every object are harmless', () => {
  const config = resolveAll(
    declare({
      routers: [declareRouter('__proto__', { service: 'constructor', middlewares: ['toString'] })],
      services: [declareService('app')],
    }),
  );
  assert.deepEqual(routerOf(config, '__proto__@docker').errors, [
    'There is no service constructor@docker.',
    'There is no middleware toString@docker.',
  ]);
});

test('a fault names the label as it was written, the one that counts where there are two', () => {
  const labels = ['traefik.http.routers.a.service', 'berth.HTTP.Routers.A.Service'];
  const config = resolveAll(declare({ routers: [declareRouter('a', { service: 'apq' }, { labels })] }));
  assert.equal(config.diagnostics[0]?.label, 'berth.HTTP.Routers.A.Service=apq');
});

test('a fault in what no label says names none', () => {
  const router = declareRouter('a', { rule: 'Hos(`x`)' }, { labels: ['traefik.http.routers.a.service'] });
  const config = resolveAll(declare({ routers: [router] }));
  assert.equal(config.diagnostics[0]?.code, 'rule-syntax');
  assert.equal(config.diagnostics[0]?.label, undefined);
  assert.equal(config.diagnostics[0]?.container, 'container-a');
});

test('a passive health check gets its defaults, and with an active one its interval', () => {
  const passiveOf = (options: Parameters<typeof declareService>[1]) => {
    const config = resolveAll(declare({ services: [declareService('app', options)] }));
    const service = balancedIn(config, 'app@docker');
    return [service.passiveHealthCheck, service.status];
  };
  assert.deepEqual(passiveOf({ passiveHealthCheck: {} }), [
    { failureWindowMs: 10_000, maxFailedAttempts: 1, outForMs: 10_000 },
    'enabled',
  ]);
  const passiveHealthCheck = { failureWindow: 3_000, maxFailedAttempts: 4 };
  const healthCheck = { path: '/', interval: 7_000 };
  assert.deepEqual(passiveOf({ passiveHealthCheck, healthCheck }), [
    { failureWindowMs: 3_000, maxFailedAttempts: 4, outForMs: 7_000 },
    'enabled',
  ]);
  assert.deepEqual(passiveOf({ passiveHealthCheck: { failureWindow: 0, maxFailedAttempts: 0 } }), [
    { failureWindowMs: 10_000, maxFailedAttempts: 1, outForMs: 10_000 },
    'warning',
  ]);
});
