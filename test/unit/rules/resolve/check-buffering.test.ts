import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BufferingOptions } from '../../../../src/model/middlewares/buffering.ts';
import { checkBuffering } from '../../../../src/rules/resolve/check-buffering.ts';

const wrong: readonly (readonly [BufferingOptions, option: string, said: RegExp, position?: number])[] = [
  [{ memRequestBodyBytes: -1 }, 'memRequestBodyBytes', /negative/],
  [{ retryExpression: 'IsNetworkError' }, 'retryExpression', /stand \(\)/, 14],
  [{ retryExpression: 'Attempts() <' }, 'retryExpression', /a number, or a text/, 12],
  [{ retryExpression: '(Attempts() < 2' }, 'retryExpression', /stand \)/, 15],
  [{ retryExpression: 'Attempts() < 2 and' }, 'retryExpression', /&& or \|\| or the end: there is and/, 14],
  [{ retryExpression: 'IsNetworkErr()' }, 'retryExpression', /IsNetworkErr.*IsNetworkError\?/s, 0],
  [{ retryExpression: 'IsNetworkError() == 1' }, 'retryExpression', /stands for itself/, 0],
  [{ retryExpression: '!Attempts()' }, 'retryExpression', /nothing says when/, 1],
  [{ retryExpression: 'RequestMethod() < "B"' }, 'retryExpression', /cannot be compared so/, 0],
  [{ retryExpression: 'ResponseCode() == "502"' }, 'retryExpression', /cannot be compared so/, 0],
  [{ retryExpression: '!'.repeat(2000) }, 'retryExpression', /longer than/, 1024],
];

for (const [options, option, said, position] of wrong) {
  test(`${JSON.stringify(options).slice(0, 80)} is an error at ${option}`, () => {
    const [finding, ...others] = checkBuffering(options);
    assert.deepEqual(others, []);
    assert.equal(finding?.severity, 'error');
    assert.equal(finding?.option?.key, `buffering.${option}`);
    assert.match(`${finding?.message} ${finding?.hint}`, said);
    assert.equal(finding?.position, position);
  });
}

test('expressions of Traefik are right', () => {
  for (const retryExpression of [
    'IsNetworkError() && Attempts() < 2',
    'Attempts()<=2&&(ResponseCode() == 503 || RequestMethod() != `POST`)',
    '!IsNetworkError()',
  ]) {
    assert.deepEqual(checkBuffering({ retryExpression, maxRequestBodyBytes: 0 }), []);
  }
});
