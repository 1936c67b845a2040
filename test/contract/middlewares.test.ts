// Every kind of the catalog keeps the contract of middlewares.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { middlewareSchemas } from '../../src/model/middlewares/catalog.ts';
import type { HeadDraft } from '../unit/data-plane/make-exchange.ts';
import { middlewareContract, type RunningOptions } from './middleware-contract.ts';

const credentials = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

const cases: readonly (readonly [RunningOptions, readonly HeadDraft[]])[] = [
  [{ kind: 'addPrefix', options: { prefix: '/api' } }, [{ target: '/x?y' }, { target: '/' }]],
  [
    { kind: 'stripPrefix', options: { prefixes: ['/api', '/v2'] } },
    [{ target: '/api/x' }, { target: '/v2' }, { target: '/other' }],
  ],
  [
    {
      kind: 'headers',
      options: {
        customRequestHeaders: { 'X-In': '1', 'X-Gone': '', Host: 'other.test' },
        customResponseHeaders: { 'X-Out': '1', Server: '' },
        accessControlAllowOriginList: ['https://a.test'],
        accessControlAllowMethods: ['GET'],
        addVaryHeader: true,
        frameDeny: true,
        allowedHosts: ['other.test'],
      },
    },
    [
      { fields: { 'X-Gone': 'x', Origin: 'https://a.test' } },
      { method: 'OPTIONS', fields: { Origin: 'https://a.test', 'Access-Control-Request-Method': 'GET' } },
    ],
  ],
  [
    { kind: 'redirectScheme', options: { scheme: 'https' } },
    [{ target: '/x?y' }, { method: 'POST' }, { isTls: true }],
  ],
  [
    {
      kind: 'basicAuth',
      options: { users: ['u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='], headerField: 'X-User', removeHeader: true },
    },
    [
      {},
      { fields: { Authorization: credentials('u:password') } },
      { fields: { Authorization: credentials('u:wrong') } },
    ],
  ],
  [{ kind: 'errors', options: { status: ['500-599'], service: 'pages' } }, [{}]],
  [{ kind: 'retry', options: { attempts: 3, status: ['503'] } }, [{}, { method: 'POST' }]],
  [{ kind: 'buffering', options: { retryExpression: 'IsNetworkError()' } }, [{}, { method: 'POST' }]],
  [
    { kind: 'grpcWeb', options: { allowOrigins: ['*'] } },
    [{}, { method: 'POST', fields: { 'Content-Type': 'application/grpc-web', Origin: 'https://a.test' } }],
  ],
  [{ kind: 'compress', options: {} }, [{}, { fields: { 'Accept-Encoding': 'gzip' } }]],
  [
    { kind: 'circuitBreaker', options: { expression: 'NetworkErrorRatio() > 0.5' } },
    [{}, { method: 'POST' }],
  ],
  [
    {
      kind: 'forwardAuth',
      options: {
        address: 'http://200.test/verify',
        authResponseHeaders: ['X-Auth'],
        addAuthCookiesToResponse: ['session'],
      },
    },
    [{}, { fields: { X_Auth: 'forged' }, target: '/x?y' }],
  ],
  [{ kind: 'forwardAuth', options: { address: 'http://401.test/' } }, [{}, { method: 'POST' }]],
  [
    { kind: 'digestAuth', options: { users: ['u:traefik:939e7578ed9e3c518a452acee763bce9'] } },
    [{}, { fields: { Authorization: 'Digest username="u"' } }],
  ],
  [{ kind: 'replacePath', options: { path: '/new path' } }, [{ target: '/x?y' }, { target: '/' }]],
  [
    { kind: 'replacePathRegex', options: { regex: '^/api/(.*)', replacement: '$1' } },
    [{ target: '/api/x?y' }, { target: '/api/' }, { target: '/other' }],
  ],
  [
    { kind: 'redirectRegex', options: { regex: '^http://(.*)/old', replacement: 'https://${1}/new' } },
    [{ target: '/old?y' }, { target: '/old', method: 'POST' }, { target: '/other' }],
  ],
  [
    { kind: 'stripPrefixRegex', options: { regex: ['^/v[0-9]+', '/x'] } },
    [{ target: '/v1/a' }, { target: '/v2' }, { target: '/a/x' }],
  ],
  [
    { kind: 'inFlightReq', options: { amount: 0, sourceCriterion: { requestHeaderName: 'X-Key' } } },
    [{}, { fields: { 'X-Key': 'a' } }],
  ],
  [{ kind: 'rateLimit', options: { average: 1, burst: 1_000_000 } }, [{}, { clientAddress: '::1' }]],
  [
    { kind: 'ipAllowList', options: { sourceRange: ['192.0.2.0/24'], rejectStatusCode: 404 } },
    [{}, { clientAddress: '198.51.100.1' }],
  ],
  [
    { kind: 'ipWhiteList', options: { sourceRange: ['2001:db8::/32'] } },
    [{}, { clientAddress: '2001:db8::1' }],
  ],
];

test('there is a case for every kind that does something itself', () => {
  const { chain, encodedCharacters, ...running } = middlewareSchemas;
  assert.ok(chain && encodedCharacters);
  const kinds = new Set(cases.map(([{ kind }]) => kind));
  assert.deepEqual([...kinds].sort(), Object.keys(running).sort());
});

for (const [options, requests] of cases) middlewareContract(options, requests);
