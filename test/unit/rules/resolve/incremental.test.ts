// Whatever the order of changes, the resolver that remembers says the same as one that begins anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DynamicConfig, emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import { createResolver, resolve } from '../../../../src/rules/resolve/resolve.ts';
import {
  declare,
  declareMiddleware,
  declareRouter,
  declareService,
  faultOf,
} from '../../../support/declare.ts';

const settings = {
  entryPoints: [
    { name: 'web', asDefault: true },
    { name: 'alt', asDefault: false, middlewares: ['m'] },
  ],
  defaultRuleSyntax: 'v3' as const,
};

// Few names and values, so that references, clashes and faults meet often. Declarations are shared between steps by
// identity, as unchanged containers share them.
const faults = [[], [faultOf('error', 'E.')], [faultOf('warning', 'W.')]];
const routers = ['a', 'b', 'c'].flatMap((name) =>
  ['s', 't@file'].flatMap((service) =>
    [
      { rule: 'Path(`/1`)' },
      { rule: 'Path(`/1`)', entryPoints: ['alt'] },
      { rule: 'Path(' },
      { middlewares: ['m'] },
      { middlewares: ['c'] },
    ].map((options) => declareRouter(name, { service, ...options })),
  ),
);
const services = ['s', 't'].flatMap((name) => [
  ...faults.map((some) => declareService(name, {}, { faults: some })),
  declareService(name, { middlewares: ['c'] }),
]);
const chainOf = (...names: string[]) => ({ kind: 'chain', options: { middlewares: names } }) as const;
const middlewares = [
  ...faults.map((some) => declareMiddleware('m', undefined, { faults: some })),
  ...['m', 'd', 'n', 's'].map((name) => declareMiddleware('c', chainOf('m', name))),
  ...['c', 'e', 'm'].map((name) => declareMiddleware('d', chainOf(name))),
  // Of the same name as a service: the two must not be taken for each other.
  ...['s', 't@file', 'u'].map((service) => declareMiddleware('s', { kind: 'errors', options: { service } })),
];

const step = fc.record({
  docker: fc.record({
    routers: fc.subarray(routers),
    services: fc.subarray(services),
    middlewares: fc.subarray(middlewares),
  }),
  file: fc.record({ services: fc.subarray(services) }),
});

test('after any sequence of changes both give the same configuration', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const remembering = createResolver();
      let config: DynamicConfig = emptyDynamicConfig;
      for (const one of steps) {
        const providers = [declare(one.docker), declare({ provider: 'file', ...one.file })];
        const before = config;
        config = remembering({ ...settings, providers, previous: before });
        const fresh = resolve({ ...settings, providers, previous: emptyDynamicConfig });
        assert.deepEqual([...config.routers], [...fresh.routers]);
        assert.deepEqual([...config.services], [...fresh.services]);
        assert.deepEqual([...config.middlewares], [...fresh.middlewares]);
        assert.deepEqual(config.diagnostics, fresh.diagnostics);
        assert.equal(
          resolve({ ...settings, providers, previous: config }),
          config,
          'and nothing is left to change',
        );
        assert.ok(config === before || config.version === before.version + 1);
      }
    }),
    { numRuns: 300 },
  );
});
