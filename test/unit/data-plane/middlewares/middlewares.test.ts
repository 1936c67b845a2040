import assert from 'node:assert/strict';
import { test } from 'node:test';
import apacheMd5 from 'apache-md5';
import { hashSync } from 'bcryptjs';
import { compileAddPrefix } from '../../../../src/data-plane/middlewares/add-prefix/compile-add-prefix.ts';
import { compileBasicAuth } from '../../../../src/data-plane/middlewares/basic-auth/compile-basic-auth.ts';
import { readCredentials } from '../../../../src/data-plane/middlewares/basic-auth/read-credentials.ts';
import type { Answer, HeadMiddleware } from '../../../../src/data-plane/middlewares/exchange.ts';
import { compileHeaders } from '../../../../src/data-plane/middlewares/headers/compile-headers.ts';
import { compileRedirectScheme } from '../../../../src/data-plane/middlewares/redirect-scheme/compile-redirect-scheme.ts';
import { compileStripPrefix } from '../../../../src/data-plane/middlewares/strip-prefix/compile-strip-prefix.ts';
import { fieldOf, joinedFieldOf } from '../../../../src/lib/header-fields.ts';
import type { BasicAuthOptions } from '../../../../src/model/middlewares/basic-auth.ts';
import type { HeadersOptions } from '../../../../src/model/middlewares/headers.ts';
import { type HeadDraft, makeExchange } from '../make-exchange.ts';

const run = (handler: HeadMiddleware, draft: HeadDraft = {}) => {
  const exchange = makeExchange(draft);
  const answer = handler(exchange);
  assert.ok(!(answer instanceof Promise), 'it does not wait');
  return { exchange, answer };
};

/** Fields of a response after the rewrites of a headers middleware. */
const responseOf = (options: HeadersOptions, draft: HeadDraft = {}, fields: string[] = []) => {
  const { exchange } = run(compileHeaders(options), draft);
  for (const rewrite of exchange.responseRewrites.toReversed()) rewrite(exchange, { fields });
  return fields;
};

test('addPrefix puts its prefix in front, escaped as paths are', () => {
  assert.equal(run(compileAddPrefix({ prefix: '/api' }), { target: '/x' }).exchange.path, '/api/x');
  assert.equal(run(compileAddPrefix({ prefix: 'a b/ü' }), { target: '/x' }).exchange.path, '/a%20b/%C3%BC/x');
  assert.equal(run(compileAddPrefix({ prefix: '/a%20b' }), { target: '/x' }).exchange.path, '/a%20b/x');
});

test('stripPrefix removes the first prefix that fits and names it', () => {
  const strip = compileStripPrefix({ prefixes: ['/api', '/apix', '/ü', '/\u010a'] });
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['/api/x', '/x', '/api'],
    ['/api', '/', '/api'],
    ['/apixy', '/xy', '/api'],
    // As bytes of UTF-8, as Go writes it.
    ['/%C3%BC/x', '/x', '/\xc3\xbc'],
    ['/%C4%8A/x', '/x', '/\xc4\x8a'],
    ['/other', '/other', undefined],
  ];
  for (const [target, path, prefix] of cases) {
    const { exchange } = run(strip, { target });
    assert.equal(exchange.path, path);
    assert.equal(fieldOf(exchange.fields, 'x-forwarded-prefix'), prefix);
  }
});

test('redirectScheme sends to the other scheme, by method and permanence', () => {
  const to = (options: Parameters<typeof compileRedirectScheme>[0], draft: HeadDraft) => {
    const { answer } = run(compileRedirectScheme(options), draft);
    return answer && `${answer.status} ${fieldOf(answer.fields, 'location')}`;
  };
  const https = { scheme: 'https' };
  assert.equal(to(https, { target: '/x?y', host: 'a.test' }), '302 https://a.test/x?y');
  assert.equal(to(https, { host: 'a.test:80', method: 'POST' }), '307 https://a.test/');
  assert.equal(to({ ...https, permanent: true }, { host: 'a.test' }), '301 https://a.test/');
  assert.equal(to({ ...https, permanent: true }, { host: 'a.test', method: 'PUT' }), '308 https://a.test/');
  assert.equal(to({ ...https, port: '443' }, { host: 'a.test' }), '302 https://a.test/');
  assert.equal(to({ ...https, port: '8443' }, { host: '[::1]:8080' }), '302 https://[::1]:8443/');
  assert.equal(to(https, { host: 'a.test', isTls: true }), undefined, 'where it is already');
  assert.equal(to({ ...https, port: '8443' }, { host: 'a.test:8443', isTls: true }), undefined);
  assert.equal(to({ ...https, port: '8443' }, { host: 'a.test', isTls: true }), '302 https://a.test:8443/');
});

test('custom request fields are set, removed and replace what the client sent', () => {
  const handler = compileHeaders({
    customRequestHeaders: { 'X-Set': 'own', 'X-Gone': '', Host: 'other.test', 'X-Forwarded-For': '' },
  });
  const { exchange } = run(handler, { fields: { 'x-set': 'client', 'X-GONE': 'x' } });
  assert.equal(joinedFieldOf(exchange.fields, 'x-set'), 'own');
  assert.equal(fieldOf(exchange.fields, 'x-gone'), undefined);
  assert.equal(exchange.host, 'other.test');
  assert.equal(fieldOf(exchange.fields, 'x-forwarded-for'), '', 'the mark that nothing is to be appended');
});

test('custom response fields are set and removed', () => {
  const fields = responseOf({ customResponseHeaders: { 'X-Model-Version': 'v3', Server: '' } }, {}, [
    'server',
    'x',
    'x-model-version',
    'v1',
  ]);
  assert.deepEqual(fields, ['X-Model-Version', 'v3']);
});

test('a preflight is answered here, with the origin only if it is allowed', () => {
  const options: HeadersOptions = {
    accessControlAllowMethods: ['GET', 'PUT'],
    accessControlAllowHeaders: ['X-A', 'X-B'],
    accessControlAllowOriginListRegex: ['^https://[a-z]+\\.test$'],
    accessControlAllowCredentials: true,
    accessControlMaxAge: 100,
  };
  const ask = (origin: string) => {
    const { exchange, answer } = run(compileHeaders(options), {
      method: 'OPTIONS',
      fields: { Origin: origin, 'Access-Control-Request-Method': 'PUT' },
    });
    assert.equal(answer?.status, 200);
    const fields = [...(answer?.fields ?? [])];
    for (const rewrite of exchange.responseRewrites) rewrite(exchange, { fields });
    return fields;
  };
  const allowed = ask('https://a.test');
  assert.equal(fieldOf(allowed, 'access-control-allow-origin'), 'https://a.test');
  assert.equal(fieldOf(allowed, 'access-control-allow-methods'), 'GET,PUT');
  assert.equal(fieldOf(allowed, 'access-control-allow-headers'), 'X-A,X-B');
  assert.equal(fieldOf(allowed, 'access-control-allow-credentials'), 'true');
  assert.equal(fieldOf(allowed, 'access-control-max-age'), '100');
  assert.equal(fieldOf(ask('https://a.test.evil'), 'access-control-allow-origin'), undefined);
  const plain = run(compileHeaders(options), { method: 'OPTIONS', fields: { Origin: 'https://a.test' } });
  assert.equal(plain.answer, undefined, 'OPTIONS without the question of a preflight goes on');
});

test('other answers say which origin may read them', () => {
  const options: HeadersOptions = {
    accessControlAllowOriginList: ['https://a.test', 'https://b.test'],
    accessControlExposeHeaders: ['X-A'],
    addVaryHeader: true,
  };
  const fields = responseOf(options, { fields: { Origin: 'https://b.test' } }, ['Vary', 'Accept']);
  assert.equal(fieldOf(fields, 'access-control-allow-origin'), 'https://b.test');
  assert.equal(fieldOf(fields, 'access-control-expose-headers'), 'X-A');
  assert.equal(joinedFieldOf(fields, 'vary'), 'Accept, Origin');
  assert.equal(fieldOf(responseOf(options, {}), 'access-control-allow-origin'), undefined);
  assert.equal(
    fieldOf(
      responseOf({ accessControlAllowOriginList: ['*'] }, { fields: { Origin: 'null' } }),
      'access-control-allow-origin',
    ),
    '*',
  );
});

test('security fields replace those of the upstream', () => {
  const fields = responseOf(
    {
      frameDeny: true,
      contentTypeNosniff: true,
      browserXssFilter: true,
      contentSecurityPolicy: "default-src 'self'",
      referrerPolicy: 'no-referrer',
      permissionsPolicy: 'camera=()',
    },
    {},
    ['x-frame-options', 'ALLOWALL'],
  );
  assert.equal(joinedFieldOf(fields, 'x-frame-options'), 'DENY');
  assert.equal(fieldOf(fields, 'x-content-type-options'), 'nosniff');
  assert.equal(fieldOf(fields, 'x-xss-protection'), '1; mode=block');
  assert.equal(fieldOf(fields, 'content-security-policy'), "default-src 'self'");
  assert.equal(
    fieldOf(responseOf({ frameDeny: true, customFrameOptionsValue: 'SAMEORIGIN' }), 'x-frame-options'),
    'SAMEORIGIN',
  );
});

test('HSTS is for encrypted connections, or forced', () => {
  const options: HeadersOptions = { stsSeconds: 60, stsIncludeSubdomains: true, stsPreload: true };
  const value = (more: HeadersOptions, draft: HeadDraft = {}) =>
    fieldOf(responseOf({ ...options, ...more }, draft), 'strict-transport-security');
  assert.equal(value({}), undefined);
  assert.equal(value({}, { isTls: true }), 'max-age=60; includeSubDomains; preload');
  assert.equal(value({ forceSTSHeader: true }), 'max-age=60; includeSubDomains; preload');
  assert.equal(
    value({ sslProxyHeaders: { 'X-Proto': 'https' } }, { fields: { 'X-Proto': 'https' } }),
    'max-age=60; includeSubDomains; preload',
  );
  assert.equal(value({ isDevelopment: true }, { isTls: true }), undefined);
});

test('allowedHosts answers 500 to other hosts, as Traefik does', () => {
  const guard = compileHeaders({ allowedHosts: ['A.test'], hostsProxyHeaders: ['X-Host-Carried'] });
  assert.equal(run(guard, { host: 'a.TEST' }).answer, undefined);
  assert.equal(run(guard, { host: 'b.test' }).answer?.status, 500);
  assert.equal(run(guard, { host: 'b.test', fields: { 'X-Host-Carried': 'a.test' } }).answer, undefined);
  assert.equal(
    run(compileHeaders({ allowedHosts: ['a.test'], isDevelopment: true }), { host: 'b.test' }).answer,
    undefined,
  );
});

const noFile = { readFile: () => assert.fail('no file is named') };
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const check = async (
  options: BasicAuthOptions,
  fields: Readonly<Record<string, string>>,
  io = noFile as { readFile(path: string): string },
) => {
  const exchange = makeExchange({ fields });
  const answer: Answer | undefined = await compileBasicAuth(options, io)(exchange);
  return { exchange, answer };
};

test('basicAuth knows bcrypt, $apr1$ and {SHA}', async () => {
  const users = [
    `bcrypt:${hashSync('one', 4)}`,
    `php:${hashSync('one', 4).replace('$2b$', '$2y$')}`,
    `md5:${apacheMd5('two')}`,
    'sha:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
    'odd:plain',
  ];
  for (const right of ['bcrypt:one', 'php:one', 'md5:two', 'sha:password']) {
    assert.equal((await check({ users }, basic(right))).answer, undefined, right);
  }
  for (const wrong of [
    'bcrypt:two',
    'md5:one',
    'sha:Password',
    'odd:plain',
    'nobody:one',
    'bcrypt:',
    ':one',
    'sha',
  ]) {
    assert.equal((await check({ users }, basic(wrong))).answer?.status, 401, wrong);
  }
});

test('basicAuth without credentials asks for them in its realm', async () => {
  const { answer } = await check({ users: ['a:b'], realm: 'my "realm"' }, {});
  assert.equal(answer?.status, 401);
  assert.equal(fieldOf(answer?.fields ?? [], 'www-authenticate'), 'Basic realm="my \\"realm\\""');
  assert.equal((await check({ users: [] }, basic('a:b'))).answer?.status, 401, 'nobody is known');
});

test('basicAuth passes on the name that it has checked, and only that', async () => {
  const users = ['u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='];
  const { exchange } = await check(
    { users, headerField: 'X-User', removeHeader: true },
    { ...basic('u:password'), 'x-user': 'admin' },
  );
  assert.equal(joinedFieldOf(exchange.fields, 'x-user'), 'u');
  assert.equal(fieldOf(exchange.fields, 'authorization'), undefined);
});

test('basicAuth checks a bcrypt hash once, then answers at once', async () => {
  const handler = compileBasicAuth({ users: [`u:${hashSync('p', 4)}`] }, noFile);
  for (const [text, status] of [
    ['u:p', undefined],
    ['u:q', 401],
  ] as const) {
    const first = handler(makeExchange({ fields: basic(text) }));
    assert.ok(first instanceof Promise);
    assert.equal((await first)?.status, status);
    const second = handler(makeExchange({ fields: basic(text) }));
    assert.ok(!(second instanceof Promise));
    assert.equal(second?.status, status);
  }
});

test('basicAuth reads users from a file, comments and empty lines aside', async () => {
  const io = { readFile: () => '# users\r\n\r\nu:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n' };
  assert.equal((await check({ usersFile: '/users' }, basic('u:password'), io)).answer, undefined);
});

test('malformed credentials are none', () => {
  for (const field of [
    undefined,
    '',
    'Basic',
    'Bearer abc',
    'Basic !!!',
    `Basic ${btoa('no colon')}`,
    `Basic ${btoa('a\nb:c')}`,
    `Basic ${'x'.repeat(5_000)}`,
  ]) {
    assert.equal(readCredentials(field), undefined, String(field));
  }
  assert.deepEqual(readCredentials(`basic ${btoa('a:b:c')}`), { user: 'a', password: 'b:c' });
});
