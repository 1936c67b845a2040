// What did not change keeps its identity, so that a change costs what changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DynamicConfig, emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { ProviderConfig } from '../../../../src/model/provider-config.ts';
import { createResolver } from '../../../../src/rules/resolve/resolve.ts';
import {
  declare,
  declareMiddleware,
  declareRouter,
  declareService,
  faultOf,
  replicaOf,
} from '../../../support/declare.ts';

function createSteps() {
  const resolve = createResolver();
  let previous: DynamicConfig = emptyDynamicConfig;
  return (...providers: ProviderConfig[]): DynamicConfig => {
    previous = resolve({
      providers,
      entryPoints: [{ name: 'web', asDefault: true }],
      defaultRuleSyntax: 'v3',
      previous,
    });
    return previous;
  };
}

test('the first configuration is version 1 even when it is empty', () => {
  const step = createSteps();
  const first = step(declare({ services: [] }));
  assert.equal(first.version, 1);
  assert.equal(step(declare({ services: [] })), first, 'and an equal one changes nothing');
});

test('an equal configuration made of new objects is the previous one', () => {
  const step = createSteps();
  const build = () =>
    declare({
      routers: [declareRouter('a', { middlewares: ['m'] }), declareRouter('b', { service: 'absent' })],
      middlewares: [declareMiddleware('m')],
    });
  assert.equal(step(build()), step(build()));
});

test('a new replica changes its service and nothing else', () => {
  const step = createSteps();
  const routers = [declareRouter('a'), declareRouter('b', { service: 'other' })];
  const other = declareService('other');
  const first = step(declare({ routers, services: [declareService('app'), other] }));
  const replicas = [replicaOf('1'), replicaOf('2')];
  const second = step(declare({ routers, services: [declareService('app', {}, { replicas }), other] }));
  assert.equal(second.version, 2);
  assert.equal(second.routers, first.routers, 'the table of routers is the same one');
  assert.equal(second.middlewares, first.middlewares);
  assert.equal(second.services.get('other@docker'), first.services.get('other@docker'));
  assert.equal(second.services.get('app@docker')?.replicas.length, 2);
});

test('a router is judged anew when what it refers to appears, breaks and goes', () => {
  const step = createSteps();
  const routers = [declareRouter('a', { service: 'late' })];
  const statusWith = (...services: ReturnType<typeof declareService>[]) =>
    step(declare({ routers, services })).routers.get('a@docker');
  assert.equal(statusWith()?.status, 'disabled');
  assert.equal(statusWith(declareService('late'))?.status, 'enabled');
  const broken = declareService('late', {}, { faults: [faultOf('error', 'No port.')] });
  assert.deepEqual(statusWith(broken)?.errors, ['The service late@docker is disabled: No port.']);
  assert.deepEqual(statusWith()?.errors, ['There is no service late@docker.']);
});

test('a change of diagnostics alone is a new version with the same tables', () => {
  const step = createSteps();
  const routers = [declareRouter('a')];
  const services = [declareService('app')];
  const first = step(declare({ routers, services }));
  const second = step(declare({ routers, services, diagnostics: [faultOf('warning', 'W.')] }));
  assert.equal(second.version, 2);
  assert.equal(second.routers, first.routers);
  assert.equal(second.services, first.services);
});

test('tables are sorted by name whatever the order of declaration', () => {
  const step = createSteps();
  const config = step(declare({ routers: ['c', 'a', 'b'].map((name) => declareRouter(name)) }));
  assert.deepEqual([...config.routers.keys()], ['a@docker', 'b@docker', 'c@docker']);
});

test('thousands of references to one missing service do not cost a search each', () => {
  const step = createSteps();
  const names = Array.from({ length: 2_000 }, (_, at) => `router-${at}`);
  const config = step(
    declare({
      routers: names.map((name) => declareRouter(name, { service: 'servise' })),
      services: names.map((name) => declareService(`service-${name}`)),
    }),
  );
  assert.equal(config.diagnostics.length, 2_000);
  const searched = config.diagnostics.filter(({ hint }) => hint?.startsWith('Did you mean'));
  assert.ok(searched.length <= 50);
});
