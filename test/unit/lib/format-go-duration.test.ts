import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoDuration } from '../../../src/lib/format-go-duration.ts';

const cases: readonly (readonly [bigint, string])[] = [
  [0n, '0s'],
  [7n, '7ns'],
  [1_500n, '1.5µs'],
  [99_990_000n, '99.99ms'],
  [1_000_000_000n, '1s'],
  [61_000_000_001n, '1m1.000000001s'],
  [3_600_000_000_000n, '1h0m0s'],
];

for (const [nanoseconds, text] of cases) {
  test(`${nanoseconds} ns are ${text}`, () => assert.equal(formatGoDuration(nanoseconds), text));
}
