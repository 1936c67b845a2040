import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { containerToDeclarations } from '../../../../src/rules/labels/container-to-declarations.ts';
import { replicaState } from '../../../../src/rules/labels/declare-replica.ts';
import { findWrongRoot } from '../../../../src/rules/labels/wrong-root.ts';
import { containerRecord, labelOptions, type WrittenContainer } from '../../../support/golden-case.ts';

function declare(written: WrittenContainer, options = labelOptions()) {
  return containerToDeclarations(containerRecord('app', 1, written), options);
}

const word = fc.oneof(
  fc.constantFrom(
    'http',
    'tcp',
    'routers',
    'services',
    'middlewares',
    'web',
    'rule',
    'tls',
    'domains[0]',
    'main',
    'loadbalancer',
    'server',
    'port',
    'headers',
    'ratelimit',
    'enable',
    'docker',
    'network',
    'frontend',
    '__proto__',
    'midlewares',
    '',
  ),
  fc.string({ maxLength: 8 }),
);
const key = fc
  .tuple(fc.constantFrom('traefik', 'berth', 'trafik', 'Traefik', 'x'), fc.array(word, { maxLength: 6 }))
  .map(([root, parts]) => [root, ...parts].join('.'));
const value = fc.oneof(fc.constantFrom('true', '', 'yes', '80', 'a,b', 'Host(`a`)'), fc.string());

describe('containerToDeclarations', () => {
  it('keeps the spelling of the labels that declare an object', () => {
    const { routers, services } = declare({
      expose: [80],
      labels: {
        'berth.HTTP.Routers.A.Rule': 'Host(`a`)',
        'traefik.http.routers.a.service': 'app',
        'traefik.http.routers.b.service': 'app',
      },
    });
    assert.deepEqual(
      routers.map(({ alone }) => alone?.labels),
      [['traefik.http.routers.a.service', 'berth.HTTP.Routers.A.Rule'], ['traefik.http.routers.b.service']],
    );
    assert.deepEqual(
      services.map(({ alone }) => alone?.labels),
      [[]],
    );
  });

  it('never throws, whatever the labels, and says the same twice', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 12 }), (labels) => {
        assert.deepEqual(declare({ labels }), declare({ labels }));
      }),
    );
  });

  it('shows no secret, wherever a label with one is misspelt', () => {
    const secret = 'hunter2';
    const labels = {
      'traefik.http.middlewares.a.basicauth.users': secret,
      'traefik.http.middlewares.b.basicauth.user': `admin:${secret}`,
      'traefik.http.middlewares.c.basicath.users': `admin:${secret}`,
      'traefik.http.middleware.d.basicauth.users': `admin:${secret}`,
      'traefik.htp.middlewares.e.basicauth.users': `admin:${secret}`,
      'trafik.http.middlewares.f.basicauth.users': `admin:${secret}`,
      'Traefik.http.middlewares.g.headers.customrequestheaders.Authorization': secret,
      'traefik.http.middlewares.h.headers.customrequestheader.Authorization': secret,
      'traefik.http.middlewares.i.digestauth.user': secret,
      'traefik.http.middlewares.j.plugin.keys.apikey': secret,
      'traefik.frontend.auth.basic.users': secret,
      'traefik.qqq.zzz': secret,
      'berth.http.middlewares.b.basicauth.users': `admin:${secret}`,
    };
    const { diagnostics, middlewares, routers, services } = declare({ labels, expose: [80] });
    const faults = [
      ...diagnostics,
      ...[...middlewares, ...routers, ...services].flatMap((one) => one.faults),
    ];
    assert.ok(faults.length >= 12);
    assert.doesNotMatch(JSON.stringify(faults), new RegExp(secret));
  });

  it('needs time in proportion to a megabyte of hostile labels', () => {
    const measure = (count: number) => {
      const labels: Record<string, string> = {};
      for (let at = 0; at < count; at += 1) {
        labels[`trafik.http.x${at}`] = 'x';
        labels[`traefik.http.routers.r${at}.rul`] = 'x';
        labels[`traefik.http.services.s${at}.loadbalancer.passhostheader`] = 'x';
        labels[`traefik.http.middlewares.m${at}.retry.attempts`] = 'x';
        labels[`traefik.htp.routers.q${at}.rule`] = 'x';
      }
      const start = process.cpuUsage();
      declare({ labels });
      return process.cpuUsage(start).user;
    };
    measure(500);
    const small = measure(1_250);
    // Quadratic work would take 16 times as long; the slack is for the noise of shared machines.
    assert.ok(measure(5_000) < 10 * small + 300_000);
  });

  it('lets no faulty router pass among thousands of faulty labels', () => {
    const labels: Record<string, string> = { 'traefik.http.routers.zz.rule': 'Host(`a`)' };
    for (let at = 0; at < 3_000; at += 1) labels[`traefik.http.routers.zz.o${at}`] = 'x';
    for (let at = 0; at < 3_000; at += 1) labels[`traefik.http.routers.r${at}.midlewares`] = 'auth';
    const { routers } = declare({ labels, expose: [80] });
    assert.equal(routers.length, 3_001);
    assert.ok(routers.every(({ faults }) => faults.some(({ severity }) => severity === 'error')));
  });

  it('reads no label of a container that is switched off', () => {
    const { diagnostics } = declare({
      labels: { 'traefik.enable': 'false', 'traefik.http.router.a.rule': 'x' },
    });
    assert.deepEqual(diagnostics, []);
  });

  it('reaches containers in host mode at the given address', () => {
    const labels = { 'traefik.http.services.s.loadbalancer.server.port': '80' };
    const url = (options = labelOptions()) =>
      declare({ networkMode: 'host', networks: {}, labels }, options).services[0]?.replica?.url;
    assert.equal(url(), 'http://127.0.0.1:80');
    assert.equal(url({ ...labelOptions(), hostAddress: '172.17.0.1' }), 'http://172.17.0.1:80');
  });

  it('names a router’s service only if there is exactly one', () => {
    const labels = [
      'traefik.http.routers.r.rule=Host(`a`)',
      'traefik.http.services.s.loadbalancer.server.port=80',
    ];
    assert.equal(declare({ labels }).routers[0]?.alone?.options.service, 's');
    const two = [...labels, 'traefik.http.services.t.loadbalancer.server.port=81'];
    assert.equal(declare({ labels: two }).routers[0]?.alone?.options.service, undefined);
    assert.equal(declare({ labels: two }).routers[0]?.faults[0]?.code, 'ambiguous-service');
  });
});

describe('replicaState', () => {
  it('puts stopping before health, and paused before both', () => {
    const state = (record: Partial<Parameters<typeof replicaState>[0]>) =>
      replicaState({ state: 'running', health: 'none', stopping: false, ...record });
    assert.equal(state({}), 'ready');
    assert.equal(state({ health: 'healthy' }), 'ready');
    assert.equal(state({ health: 'unhealthy', stopping: true }), 'stopping');
    assert.equal(state({ state: 'paused' }), 'paused');
    assert.equal(state({ state: 'created' }), 'starting');
    assert.equal(state({ state: 'exited', stopping: true }), 'stopped');
  });
});

describe('findWrongRoot', () => {
  const cases: [key: string, meant: string | undefined][] = [
    ['trafik.enable', 'traefik.enable'],
    ['treafik.http.routers.a.rul', 'traefik.http.routers.a.rule'],
    ['TRAEFIK.enable', 'traefik.enable'],
    ['traefick.something.else', 'traefik.something.else'],
    ['bearth.enable', 'berth.enable'],
    ['traefik', 'traefik.enable'],
    ['traffic.weight', undefined],
    ['earth.round', undefined],
    ['com.docker.compose.project', undefined],
    ['org.opencontainers.image.title', undefined],
    ['maintainer', undefined],
  ];
  for (const [wrong, meant] of cases) {
    it(`takes ${wrong} for ${meant ?? 'somebody else’s'}`, () =>
      assert.equal(findWrongRoot(wrong)?.meant, meant));
  }
});
