import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRetryTest } from '../../../../src/data-plane/middlewares/buffering/compile-retry-test.ts';

const cases: readonly (readonly [
  expression: string,
  status: number,
  attempts: number,
  isRepeated: boolean,
])[] = [
  ['IsNetworkError()', 502, 1, true],
  ['IsNetworkError()', 504, 1, true],
  ['IsNetworkError()', 500, 1, false],
  ['!IsNetworkError()', 500, 1, true],
  ['Attempts() < 2 && IsNetworkError()', 502, 2, false],
  // && binds more strongly than ||.
  ['ResponseCode() == 500 || IsNetworkError() && Attempts() == 9', 500, 1, true],
  ['(ResponseCode() == 500 || IsNetworkError()) && Attempts() == 9', 500, 1, false],
  ['ResponseCode() >= 500 && ResponseCode() != 501', 501, 1, false],
  ['RequestMethod() == "GET"', 200, 1, true],
];

for (const [expression, status, attempts, isRepeated] of cases) {
  test(`${expression} of ${status} after ${attempts}: ${isRepeated}`, () => {
    assert.equal(compileRetryTest(expression)?.({ method: 'GET', attempts, status }), isRepeated);
  });
}

test('without an expression nothing is asked', () => {
  assert.equal(compileRetryTest(''), undefined);
});
