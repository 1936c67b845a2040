// Services over services: defaults, members that are missing or disabled, circles, and what follows when one is mended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompositeOptions } from '../../../../src/model/composite-service.ts';
import { type DynamicConfig, emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { DeclaredService } from '../../../../src/model/provider-config.ts';
import { createResolver } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareRouter, declareService } from '../../../support/declare.ts';

function declareComposite(name: string, options: CompositeOptions): DeclaredService {
  const labels = ['services[0].name', 'services[1].weight', 'service', 'fallback'].map(
    (option) => `berth.http.services.${name}.${options.kind}.${option}`,
  );
  return { ...declareService(name), options, labels, replicas: [] };
}

const weighted = (name: string, ...services: { name: string; weight?: number }[]) =>
  declareComposite(name, { kind: 'weighted', options: { services } });
const failover = (name: string, service: string, fallback: string) =>
  declareComposite(name, { kind: 'failover', options: { service, fallback } });

function setUp() {
  const resolve = createResolver();
  let previous: DynamicConfig = emptyDynamicConfig;
  return (...services: readonly DeclaredService[]) => {
    previous = resolve({
      providers: [declare({ services, routers: [declareRouter('r', { service: 'w' })] })],
      entryPoints: [{ name: 'web', asDefault: true }],
      defaultRuleSyntax: 'v3',
      previous,
    });
    return previous;
  };
}

const statusOf = (config: DynamicConfig, name: string) => config.services.get(`${name}@docker`)?.status;
const found = (config: DynamicConfig, name: string) =>
  config.diagnostics
    .filter(({ object }) => object.name === `${name}@docker`)
    .map(({ severity, code, label, message }) => [severity, code, label, message]);

test('members are qualified and have the weight 1', () => {
  const config = setUp()(
    weighted('w', { name: 'app' }, { name: 'f@docker', weight: 0 }),
    failover('f', 'app', 'app'),
    declareService('app'),
  );
  assert.deepEqual(config.services.get('w@docker'), {
    name: 'w@docker',
    provider: 'docker',
    status: 'enabled',
    errors: [],
    origins: ['container-w'],
    replicas: [],
    composite: {
      kind: 'weighted',
      members: [
        { name: 'app@docker', written: 'app', weight: 1 },
        { name: 'f@docker', written: 'f@docker', weight: 0 },
      ],
      followsHealth: false,
      depth: 2,
    },
  });
  assert.equal(config.routers.get('r@docker')?.status, 'enabled');
  assert.deepEqual(config.diagnostics, []);
});

test('a member that is not there disables the service and its router, and its own appearance mends them', () => {
  const apply = setUp();
  const lost = apply(weighted('w', { name: 'ap' }), declareService('other'));
  assert.equal(statusOf(lost, 'w'), 'disabled');
  assert.equal(lost.routers.get('r@docker')?.status, 'disabled');
  assert.deepEqual(found(lost, 'w'), [
    [
      'error',
      'unknown-reference',
      'berth.http.services.w.weighted.services[0].name=ap',
      'There is no service ap@docker.',
    ],
  ]);
  assert.equal(statusOf(lost, 'other'), 'enabled');
  const mended = apply(weighted('w', { name: 'ap' }), declareService('ap'));
  assert.equal(statusOf(mended, 'w'), 'enabled');
  assert.equal(mended.routers.get('r@docker')?.status, 'enabled');
  assert.deepEqual(mended.diagnostics, []);
});

test('a service that leads to itself, directly or in a circle, is disabled, and those that lead to it', () => {
  const config = setUp()(
    weighted('w', { name: 'w' }),
    failover('a', 'b', 'app'),
    failover('b', 'a', 'app'),
    weighted('above', { name: 'a' }),
    declareService('app'),
  );
  for (const name of ['w', 'a', 'b', 'above']) assert.equal(statusOf(config, name), 'disabled', name);
  assert.equal(statusOf(config, 'app'), 'enabled');
  assert.deepEqual(found(config, 'w')[0]?.slice(0, 3), [
    'error',
    'unknown-reference',
    'berth.http.services.w.weighted.services[0].name=w',
  ]);
  for (const name of ['a', 'b', 'above']) assert.equal(found(config, name).length, 1, name);
});

test('weights of less than 0 are 0 with a warning, and so is a service without any share', () => {
  const config = setUp()(
    weighted('w', { name: 'app' }, { name: 'app', weight: -2 }),
    weighted('none', { name: 'app', weight: 0 }),
    weighted('empty'),
    declareService('app'),
  );
  assert.deepEqual(
    config.services.get('w@docker')?.composite?.members.map(({ weight }) => weight),
    [1, 0],
  );
  assert.deepEqual(found(config, 'w')[0]?.slice(0, 3), [
    'warning',
    'bad-value',
    'berth.http.services.w.weighted.services[1].weight=-2',
  ]);
  for (const name of ['none', 'empty']) assert.equal(statusOf(config, name), 'warning');
});

test('services that are nested without end are refused', () => {
  const chain = Array.from({ length: 40 }, (_, at) => failover(`s${at}`, `s${at + 1}`, 'app'));
  const config = setUp()(...chain, declareService('s40'), declareService('app'));
  assert.equal(statusOf(config, 's39'), 'enabled');
  assert.equal(statusOf(config, 's0'), 'disabled');
});

test('what did not change keeps its identity', () => {
  const apply = setUp();
  const services = [weighted('w', { name: 'app' }), declareService('app')];
  const before = apply(...services);
  const after = apply(...services, declareService('more'));
  assert.equal(after.services.get('w@docker'), before.services.get('w@docker'));
});

test('a mirror that is not there, or has no percentage, disables the service', () => {
  const mirroring = (name: string, mirror: { name: string; percent?: number }) =>
    declareComposite(name, { kind: 'mirroring', options: { service: 'app', mirrors: [mirror] } });
  const config = setUp()(
    mirroring('w', { name: 'copy', percent: 100 }),
    mirroring('lost', { name: 'nowhere' }),
    mirroring('much', { name: 'copy', percent: 101 }),
    mirroring('self', { name: 'self' }),
    declareService('app'),
    declareService('copy'),
  );
  assert.equal(statusOf(config, 'w'), 'enabled');
  assert.deepEqual(config.services.get('w@docker')?.composite, {
    kind: 'mirroring',
    members: [{ name: 'app@docker', written: 'app', weight: 1 }],
    mirrors: [{ name: 'copy@docker', written: 'copy', percent: 100 }],
    mirrorBody: true,
    maxBodySize: -1,
    followsHealth: false,
    depth: 1,
  });
  for (const name of ['lost', 'much', 'self']) assert.equal(statusOf(config, name), 'disabled', name);
});
