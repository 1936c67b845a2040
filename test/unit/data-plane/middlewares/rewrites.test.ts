// replacePath, replacePathRegex, redirectRegex, stripPrefixRegex: what they make of paths and URLs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeadMiddleware } from '../../../../src/data-plane/middlewares/exchange.ts';
import { compileRedirectRegex } from '../../../../src/data-plane/middlewares/redirect-regex/compile-redirect-regex.ts';
import { compileReplacePath } from '../../../../src/data-plane/middlewares/replace-path/compile-replace-path.ts';
import { compileReplacePathRegex } from '../../../../src/data-plane/middlewares/replace-path-regex/compile-replace-path-regex.ts';
import { compileStripPrefixRegex } from '../../../../src/data-plane/middlewares/strip-prefix-regex/compile-strip-prefix-regex.ts';
import { fieldOf } from '../../../../src/lib/header-fields.ts';
import { GatewayError } from '../../../../src/model/errors.ts';
import { type HeadDraft, makeExchange } from '../make-exchange.ts';

const run = (handler: HeadMiddleware, draft: HeadDraft) => {
  const exchange = makeExchange(draft);
  const answer = handler(exchange);
  assert.ok(!(answer instanceof Promise), 'it does not wait');
  return { exchange, answer };
};

test('replacePath keeps the query and names the old path as it was sent', () => {
  const { exchange } = run(compileReplacePath({ path: '/a b' }), { target: '/x%20y?q=1' });
  assert.equal(exchange.path, '/a%20b');
  assert.equal(exchange.query, '?q=1');
  assert.equal(fieldOf(exchange.fields, 'x-replaced-path'), '/x%20y');
  assert.equal(run(compileReplacePath({ path: 'a' }), {}).exchange.path, '/a');
});

const replaced: readonly (readonly [regex: string, replacement: string, path: string, becomes: string])[] = [
  ['^/api/v1/(.*)', '/v1/$1', '/api/v1/x', '/v1/x'],
  ['^/(?P<first>[^/]+)/([^/]+)$', '/${2}/${first}', '/a/b', '/b/a'],
  ['^/api', '', '/api', '/'],
  ['^/api/(.*)', '$1', '/api/x', '/x'],
  ['/', '/-', '/a/b', '/-a/-b'],
  ['a*', 'x', '/baac', '/x/xbxcx'],
  ['^/x', '/a?b#c ü', '/x/y', '/a%3Fb%23c%20%C3%BC/y'],
  [' ^/x ', ' /y ', '/x', '/y'],
  ['%20', '_', '/a%20b', '/a_b'],
];

for (const [regex, replacement, path, becomes] of replaced) {
  test(`replacePathRegex makes ${becomes} of ${path} by ${regex}`, () => {
    const { exchange } = run(compileReplacePathRegex({ regex, replacement }), { target: `${path}?q=1` });
    assert.equal(exchange.path, becomes);
    assert.equal(exchange.query, '?q=1');
    assert.equal(fieldOf(exchange.fields, 'x-replaced-path'), path);
  });
}

test('replacePathRegex leaves alone what does not match', () => {
  const { exchange } = run(compileReplacePathRegex({ regex: '^/api', replacement: '/x' }), {
    target: '/other',
  });
  assert.equal(exchange.path, '/other');
  assert.equal(fieldOf(exchange.fields, 'x-replaced-path'), undefined);
});

test('replacing that could take long is refused, and what people write is not', () => {
  const long = `/api/${'x/'.repeat(4_000)}y`;
  const usual = compileReplacePathRegex({ regex: '^/api/(.*)/([a-z]+)$', replacement: '/$2/$1' });
  assert.equal(run(usual, { target: long }).exchange.path.length, long.length - 4);
  const quadratic = compileReplacePathRegex({ regex: 'x.*z|x', replacement: '' });
  assert.throws(
    () => run(quadratic, { target: long }),
    (error) => error instanceof GatewayError && error.code === 'target-too-long',
  );
});

test('redirectRegex sees the whole URL and redirects by method and permanence', () => {
  const to = (regex: string, replacement: string, draft: HeadDraft, permanent = false) => {
    const { answer } = run(compileRedirectRegex({ regex, replacement, permanent }), draft);
    return answer && `${answer.status} ${fieldOf(answer.fields, 'location')}`;
  };
  const old = { target: '/old/x?y=1', host: 'a.test:8080' };
  assert.equal(to('^http://a\\.test:8080/old/(.*)', 'https://b.test/$1', old), '302 https://b.test/x?y=1');
  assert.equal(to('/old/', '/new/', { ...old, method: 'POST' }), '307 http://a.test:8080/new/x?y=1');
  assert.equal(to('/old/', '/new/', old, true), '301 http://a.test:8080/new/x?y=1');
  assert.equal(to('/old/', '/new/', { ...old, method: 'PUT' }, true), '308 http://a.test:8080/new/x?y=1');
  assert.equal(to('^https://', 'x', old), undefined, 'plain');
  assert.equal(to('^https://(.*)', 'http://$1', { ...old, isTls: true }), '302 http://a.test:8080/old/x?y=1');
  assert.equal(to('old', 'old', old), undefined, 'where it is already');
  assert.equal(to('^.*$', 'https://b.test/ü\r\nX: "1"', old), '302 https://b.test/%C3%BC%0D%0AX:%20%221%22');
  assert.equal(to('^.*$', 'https://[::1]/%20?a=b#c', old), '302 https://[::1]/%20?a=b#c');
});

test('stripPrefixRegex removes what matches at the beginning of the decoded path', () => {
  const strip = compileStripPrefixRegex({
    regex: ['/late', '^/v[0-9]+', '^/ü+', '^/a b', '^/(?s).x', '.*?'],
  });
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['/v12/x', '/x', '/v12'],
    ['/v1', '/', '/v1'],
    ['/v1x', '/x', '/v1'],
    ['/x/late', '/x/late', undefined],
    ['/a%20b/%2Fx', '/%2Fx', '/a b'],
    ['/%C3%BC%C3%BC/x', '/x', '/\u00c3\u00bc\u00c3\u00bc'],
    ['/%0Ax/y', '/y', '/%0Ax'],
    ['/%C4%8Ax/y', '/y', '/\u00c4\u008ax'],
  ];
  for (const [target, path, prefix] of cases) {
    const { exchange } = run(strip, { target });
    assert.equal(exchange.path, path, target);
    assert.equal(fieldOf(exchange.fields, 'x-forwarded-prefix'), prefix, target);
  }
  assert.throws(
    () => run(strip, { target: '/%FF' }),
    (error) => error instanceof GatewayError && error.code === 'bad-path',
  );
});
