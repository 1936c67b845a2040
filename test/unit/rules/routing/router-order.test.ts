import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRanks, orderOf, rankOf } from '../../../../src/rules/routing/router-order.ts';

const asked = (...routers: readonly (readonly [name: string, provider: string, priority: number])[]) =>
  routers
    .map(([name, provider, priority]) => ({ name, priority, order: orderOf({ name, provider }) }))
    .sort(compareRanks)
    .map(({ name }) => name);

test('priority decides, then the provider in Traefik’s order, then the name', () => {
  assert.deepEqual(
    asked(
      ['e', 'http', 1],
      ['d', 'redis', 1],
      ['c', 'file', 1],
      ['b', 'docker', 1],
      ['a', 'docker', 1],
      ['z', 'http', 2],
    ),
    ['z', 'a', 'b', 'c', 'd', 'e'],
  );
});

test('providers that an order does not name come last', () => {
  assert.deepEqual(
    ['docker', 'file', 'http'].map((name) => rankOf(name, ['file', 'docker'])),
    [1, 0, 2],
  );
});
