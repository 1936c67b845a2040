// Middlewares that entry points and services add to routers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareMiddleware, declareRouter, declareService } from '../../../support/declare.ts';

const entryPoints = [
  { name: 'web', asDefault: false, middlewares: ['first', 'last@file'] },
  { name: 'alt', asDefault: false, middlewares: ['first', 'last@file'] },
  { name: 'bare', asDefault: false },
  { name: 'faulty', asDefault: false, middlewares: ['nope'] },
];

function resolveRouters(...routers: ReturnType<typeof declareRouter>[]) {
  const docker = declare({
    routers,
    services: [declareService('app'), declareService('guarded', { middlewares: ['first', 'gone'] })],
    middlewares: [declareMiddleware('first'), declareMiddleware('own')],
  });
  const file = declare({ provider: 'file', services: [], middlewares: [declareMiddleware('last')] });
  return resolve({
    providers: [docker, file],
    entryPoints,
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
}

test('those of entry points come first, named by the provider of the router', () => {
  const config = resolveRouters(
    declareRouter('a', { entryPoints: ['web', 'alt'], middlewares: ['own'] }),
    declareRouter('b', { entryPoints: ['bare'], middlewares: ['own'] }),
  );
  const a = config.routers.get('a@docker');
  assert.deepEqual(a?.middlewares, ['first@docker', 'last@file', 'own@docker']);
  assert.equal(a?.middlewaresByEntryPoint, undefined);
  assert.deepEqual(config.routers.get('b@docker')?.middlewares, ['own@docker']);
});

test('a router of entry points that do not add the same knows what runs where', () => {
  const config = resolveRouters(declareRouter('a', { entryPoints: ['bare', 'web'], middlewares: ['own'] }));
  const router = config.routers.get('a@docker');
  assert.deepEqual(router?.middlewares, ['own@docker']);
  assert.deepEqual(router?.middlewaresByEntryPoint, {
    bare: ['own@docker'],
    web: ['first@docker', 'last@file', 'own@docker'],
  });
});

test('one that is not there disables the router, and the entry point is named', () => {
  const config = resolveRouters(declareRouter('a', { entryPoints: ['faulty'] }));
  const router = config.routers.get('a@docker');
  assert.equal(router?.status, 'disabled');
  assert.deepEqual(router?.errors, [
    'There is no middleware nope@docker. The entry point faulty adds it by http.middlewares.',
  ]);
});

test('a service whose middleware is not there is disabled, and its routers with it', () => {
  const config = resolveRouters(declareRouter('a', { service: 'guarded', entryPoints: ['bare'] }));
  const service = config.services.get('guarded@docker');
  assert.equal(service?.status, 'disabled');
  assert.deepEqual(service?.middlewares, ['first@docker', 'gone@docker']);
  assert.deepEqual(service?.errors, ['There is no middleware gone@docker.']);
  assert.equal(config.routers.get('a@docker')?.status, 'disabled');
});
