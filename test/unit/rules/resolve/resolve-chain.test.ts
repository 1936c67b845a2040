// Chains: what they stand for, and what is said of one that stands for nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig, type Middleware } from '../../../../src/model/dynamic-config.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareMiddleware, declareRouter, faultOf } from '../../../support/declare.ts';

type Draft = Readonly<Record<string, readonly string[] | 'plain' | 'faulty'>>;

/** By name: what a chain names; or a middleware that is none. */
function resolveChains(draft: Draft, more: Draft = {}) {
  const middlewares = Object.entries(draft).map(([name, what]) =>
    what === 'plain' || what === 'faulty'
      ? declareMiddleware(name, undefined, what === 'faulty' ? { faults: [faultOf('error', 'Broken.')] } : {})
      : declareMiddleware(
          name,
          { kind: 'chain', options: { middlewares: [...what] } },
          { labels: [`traefik.http.middlewares.${name}.chain.middlewares`] },
        ),
  );
  const other = declare({
    provider: 'file',
    services: [],
    middlewares: Object.keys(more).map((name) => declareMiddleware(name)),
  });
  return resolve({
    providers: [declare({ middlewares, routers: [declareRouter('r', { middlewares: ['c'] })] }), other],
    entryPoints: [{ name: 'web', asDefault: true }],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
}

function membersOf(middleware: Middleware | undefined): readonly string[] {
  assert.equal(middleware?.kind, 'chain');
  return middleware?.kind === 'chain' ? middleware.options.middlewares : [];
}

test('a chain is its members in their order, those of chains within it in their place', () => {
  const config = resolveChains(
    { c: ['m', 'd', 'x@file', ''], d: ['n', 'm'], m: 'plain', n: 'plain' },
    { x: 'plain' },
  );
  const chain = config.middlewares.get('c@docker');
  assert.equal(chain?.status, 'enabled');
  assert.deepEqual(membersOf(chain), ['m@docker', 'n@docker', 'm@docker', 'x@file']);
  assert.equal(config.routers.get('r@docker')?.status, 'enabled');
  assert.deepEqual(config.diagnostics, []);
});

const faulty: readonly (readonly [string, Draft, RegExp, string?])[] = [
  ['a member that is not there', { c: ['m', 'nope'], m: 'plain' }, /^There is no middleware nope@docker\.$/],
  [
    'a misspelt member',
    { c: ['strip'], strap: 'plain' },
    /There is no middleware/,
    'Did you mean strap@docker?',
  ],
  ['a faulty member', { c: ['m'], m: 'faulty' }, /^The middleware m@docker is disabled: Broken\.$/],
  ['a chain of itself', { c: ['c'] }, /^The middleware c@docker leads back to where it came from\.$/],
  [
    'a loop',
    { c: ['d'], d: ['e'], e: ['c'] },
    /^The middleware d@docker leads back to where it came from\.$/,
  ],
  ['nothing', { c: [''] }, /^The chain leads to no middleware\.$/],
];
for (const [name, draft, message, hint] of faulty) {
  test(`a chain is disabled by ${name}, and its router with it`, () => {
    const config = resolveChains(draft);
    assert.equal(config.middlewares.get('c@docker')?.status, 'disabled');
    const found = config.diagnostics.find(({ object }) => object.name === 'c@docker');
    assert.match(found?.message ?? '', message);
    assert.equal(found?.label?.split('=')[0], 'traefik.http.middlewares.c.chain.middlewares');
    if (hint !== undefined) assert.equal(found?.hint, hint);
    assert.equal(config.routers.get('r@docker')?.status, 'disabled');
  });
}

test('chains that name each other twice do not grow without end', () => {
  const draft = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`c${at}`, [`c${at + 1}`, `c${at + 1}`]]),
  );
  const config = resolveChains({ ...draft, c60: ['m'], c: ['c0'], m: 'plain' });
  assert.equal(config.middlewares.get('c54@docker')?.status, 'enabled');
  assert.equal(membersOf(config.middlewares.get('c54@docker')).length, 64);
  assert.equal(config.middlewares.get('c53@docker')?.status, 'disabled');
  assert.equal(config.middlewares.get('c@docker')?.status, 'disabled');
});
