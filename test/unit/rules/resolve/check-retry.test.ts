import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetryOptions } from '../../../../src/model/middlewares/retry.ts';
import { checkRetry } from '../../../../src/rules/resolve/check-retry.ts';

const wrong: readonly (readonly [RetryOptions, option: string, said: RegExp])[] = [
  [{ attempts: 0 }, 'attempts', /an attempt/],
  [{ attempts: 2, status: ['5xx'] }, 'status', /"5xx"/],
  [{ attempts: 2, disableRetryOnNetworkError: true }, 'disableRetryOnNetworkError', /Nothing is left/],
];

for (const [options, option, said] of wrong) {
  test(`${JSON.stringify(options)} is an error at ${option}`, () => {
    const [finding, ...others] = checkRetry(options);
    assert.deepEqual(others, []);
    assert.equal(finding?.severity, 'error');
    assert.equal(finding?.option?.key, `retry.${option}`);
    assert.match(finding?.message ?? '', said);
  });
}

test('statuses make up for network errors that are switched off', () => {
  assert.deepEqual(checkRetry({ attempts: 2, status: ['503'], disableRetryOnNetworkError: true }), []);
});
