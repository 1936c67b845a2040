import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MiddlewareOptions } from '../../../../src/model/middlewares/catalog.ts';
import { createMiddlewareCheck } from '../../../../src/rules/resolve/check-middleware.ts';

test('a limit has one criterion for its sources', () => {
  const [finding] = createMiddlewareCheck()({
    kind: 'inFlightReq',
    options: { amount: 1, sourceCriterion: { ipStrategy: { depth: 1 }, requestHost: true } },
  });
  assert.equal(finding?.severity, 'error');
  assert.match(finding?.message ?? '', /not by ipStrategy and requestHost/);
});

const wrong: readonly (readonly [MiddlewareOptions, option: string, message: RegExp])[] = [
  [{ kind: 'replacePathRegex', options: { regex: '(' } }, 'replacePathRegex.regex', /does not compile/],
  [
    { kind: 'redirectRegex', options: { regex: '[ab]*a[ab]{100}x', replacement: '' } },
    'redirectRegex.regex',
    /so many states/,
  ],
  [
    { kind: 'stripPrefixRegex', options: { regex: ['^/a', '^/(?=b)'] } },
    'stripPrefixRegex.regex',
    /does not compile/,
  ],
  [
    { kind: 'ipAllowList', options: { sourceRange: ['10.0.0.0/33'] } },
    'ipAllowList.sourceRange',
    /"10.0.0.0\/33"/,
  ],
  [{ kind: 'ipWhiteList', options: { sourceRange: ['lan'] } }, 'ipWhiteList.sourceRange', /"lan"/],
  [
    { kind: 'ipAllowList', options: { sourceRange: ['::1'], ipStrategy: { excludedIPs: ['x'] } } },
    'ipAllowList.ipStrategy.excludedIPs',
    /"x"/,
  ],
  [
    { kind: 'ipAllowList', options: { sourceRange: ['::1'], ipStrategy: { ipv6Subnet: 129 } } },
    'ipAllowList.ipStrategy.ipv6Subnet',
    /1 to 128 bits/,
  ],
  [
    { kind: 'ipAllowList', options: { sourceRange: ['::1'], rejectStatusCode: 199 } },
    'ipAllowList.rejectStatusCode',
    /199/,
  ],
  [
    { kind: 'circuitBreaker', options: { expression: 'NetworkErrorRate() > 0.3' } },
    'circuitBreaker.expression',
    /no measurement NetworkErrorRate/,
  ],
  [
    { kind: 'circuitBreaker', options: { expression: 'NetworkErrorRatio() > 0.3', responseCode: 99 } },
    'circuitBreaker.responseCode',
    /99/,
  ],
  [{ kind: 'forwardAuth', options: { address: 'auth:9000' } }, 'forwardAuth.address', /no URL of http/],
  [
    { kind: 'forwardAuth', options: { address: 'http://a', authResponseHeadersRegex: '(' } },
    'forwardAuth.authResponseHeadersRegex',
    /does not compile/,
  ],
  [{ kind: 'rateLimit', options: { period: -1 } }, 'rateLimit.period', /negative/],
  [
    { kind: 'rateLimit', options: { sourceCriterion: { ipStrategy: { ipv6Subnet: 0 } } } },
    'rateLimit.sourceCriterion.ipStrategy.ipv6Subnet',
    /1 to 128 bits/,
  ],
];

for (const [middleware, option, message] of wrong) {
  test(`${middleware.kind}: ${JSON.stringify(middleware.options)} is an error at ${option}`, () => {
    const [finding, ...others] = createMiddlewareCheck()(middleware);
    assert.deepEqual(others, []);
    assert.equal(finding?.severity, 'error');
    assert.equal(finding?.option?.key, option);
    assert.match(finding?.message ?? '', message);
  });
}

test('users of digestAuth are triples of its realm, and are not shown', () => {
  const hash = '939e7578ed9e3c518a452acee763bce9';
  const findingsOf = (users: string[], realm?: string) =>
    createMiddlewareCheck()({
      kind: 'digestAuth',
      options: { users, ...(realm === undefined ? {} : { realm }) },
    });
  assert.deepEqual(findingsOf([`u:traefik:${hash}`]), []);
  assert.deepEqual(findingsOf([`u:here:${hash}`], 'here'), []);
  for (const bad of [`u:${hash}`, 'u:traefik:x', `:traefik:${hash}`]) {
    const [found] = findingsOf([`u:traefik:${hash}`, bad]);
    assert.equal(found?.severity, 'error');
    assert.match(found?.message ?? '', /^User 2 of 2 /);
    assert.equal(JSON.stringify(found).includes(hash), false);
  }
  assert.match(findingsOf([`u:other:${hash}`])[0]?.message ?? '', /^1 of 1 users are of another realm/);
  assert.match(findingsOf([])[0]?.message ?? '', /^There is no user/);
});

test('what can be used has no fault', () => {
  const check = createMiddlewareCheck();
  const fine: readonly MiddlewareOptions[] = [
    { kind: 'replacePathRegex', options: { regex: '^/api/(.*)', replacement: '/$1' } },
    { kind: 'stripPrefixRegex', options: { regex: ['^/v[0-9]+'] } },
    {
      kind: 'ipAllowList',
      options: {
        sourceRange: ['10.0.0.0/8', ' ::1'],
        ipStrategy: { depth: 1, excludedIPs: ['not looked at'], ipv6Subnet: 64 },
        rejectStatusCode: 401,
      },
    },
  ];
  for (const middleware of fine) assert.deepEqual(check(middleware), [], middleware.kind);
});

test('the regexps of one middleware have a common limit', () => {
  const regex = Array.from({ length: 300 }, (_, at) => `^/(?:[a-z]{30}|[0-9]{30}|[a-f]{40})x${at}`);
  const findings = createMiddlewareCheck()({ kind: 'stripPrefixRegex', options: { regex } });
  assert.match(findings.at(-1)?.message ?? '', /too large, all of them together/);
});

test('the same options are judged once', () => {
  const check = createMiddlewareCheck();
  const middleware: MiddlewareOptions = { kind: 'replacePathRegex', options: { regex: '(' } };
  assert.equal(check(middleware), check(middleware));
});
