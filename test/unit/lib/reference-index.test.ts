import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReferenceIndex } from '../../../src/lib/reference-index.ts';

test('referrers follow every change of what they refer to', () => {
  const index = createReferenceIndex();
  index.set('router-a', ['auth', 'strip']);
  index.set('router-b', ['auth']);
  assert.deepEqual([...index.referrers('auth')], ['router-a', 'router-b']);
  index.set('router-a', ['strip', 'strip']);
  assert.deepEqual([...index.referrers('auth')], ['router-b']);
  assert.deepEqual([...index.referrers('strip')], ['router-a']);
  index.set('router-a', []);
  assert.deepEqual([...index.referrers('strip')], []);
  assert.deepEqual([...index.referrers('never')], []);
});
