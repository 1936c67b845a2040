// The first process starts over once, and what its user has chosen stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leanEnvironment } from '../../../src/shepherd/become-lean.ts';

test('a lean process does not start over again', () => {
  const lean = leanEnvironment({ PATH: '/bin' });
  assert.equal(lean?.PATH, '/bin');
  assert.equal(lean?.MALLOC_ARENA_MAX, '2');
  assert.equal(leanEnvironment(lean ?? {}), undefined);
});

test('a cache and a number of arenas that the user has chosen stay', () => {
  assert.equal(leanEnvironment({ NODE_COMPILE_CACHE: '' }), undefined);
  assert.equal(leanEnvironment({ MALLOC_ARENA_MAX: '7' })?.MALLOC_ARENA_MAX, '7');
});
