// Delays between attempts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackoff } from '../../../src/lib/backoff.ts';

test('each delay lies between half and the whole of a step that doubles up to the limit', () => {
  const longest = createBackoff({ firstMs: 100, maxMs: 1_000, random: () => 1 });
  const shortest = createBackoff({ firstMs: 100, maxMs: 1_000, random: () => 0 });
  assert.deepEqual(Array.from({ length: 6 }, longest.next), [100, 200, 400, 800, 1_000, 1_000]);
  assert.deepEqual(Array.from({ length: 6 }, shortest.next), [50, 100, 200, 400, 500, 500]);
});

test('a success makes the next delay a first one again', () => {
  const backoff = createBackoff({ firstMs: 100, maxMs: 1_000, random: () => 1 });
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 100);
});
