// TLS towards a server that a middleware asks: names in place of texts, and what is said when there is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { MiddlewareOptions } from '../../../../src/model/middlewares/catalog.ts';
import type { ClientTlsOptions } from '../../../../src/model/middlewares/client-tls.ts';
import type { PemReader } from '../../../../src/model/pem-reader.ts';
import { createMiddlewareCheck } from '../../../../src/rules/resolve/check-middleware.ts';
import { createResolver } from '../../../../src/rules/resolve/resolve.ts';
import { createRuleMemo } from '../../../../src/rules/resolve/rule-memo.ts';
import { declare, declareMiddleware } from '../../../support/declare.ts';

const pems: PemReader = {
  certificates: (source) =>
    source === '/none' ? { message: 'There is none.', hint: 'Mount it.' } : { name: `${source}#1` },
  keyPair: (cert, key) =>
    key === '/none' ? { message: 'No key.', hint: 'Mount it.' } : { cert: `${cert}#2`, key: `${key}#3` },
};

function resolveTls(tls: ClientTlsOptions) {
  const options: MiddlewareOptions = { kind: 'forwardAuth', options: { address: 'https://auth', tls } };
  const labels = ['ca', 'cert', 'key'].map((part) => `traefik.http.middlewares.m.forwardauth.tls.${part}`);
  const config = createResolver(
    createRuleMemo(),
    createMiddlewareCheck(),
    pems,
  )({
    providers: [declare({ middlewares: [declareMiddleware('m', options, { labels })] })],
    entryPoints: [],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  const middleware = config.middlewares.get('m@docker');
  assert.equal(middleware?.kind, 'forwardAuth');
  return { middleware, diagnostics: config.diagnostics };
}

test('certificates and keys stand in the configuration by the names of their texts', () => {
  const { middleware } = resolveTls({ ca: '/ca', cert: '/cert', key: 'secret', insecureSkipVerify: true });
  assert.equal(middleware.status, 'enabled');
  assert.deepEqual(middleware.kind === 'forwardAuth' && middleware.options.tls, {
    ca: '/ca#1',
    cert: '/cert#2',
    key: 'secret#3',
    insecureSkipVerify: true,
  });
});

test('a fault disables the middleware and says where it stands', () => {
  const cases: readonly (readonly [ClientTlsOptions, label: string | undefined, message: RegExp])[] = [
    [{ ca: '/none' }, 'traefik.http.middlewares.m.forwardauth.tls.ca=/none', /There is none/],
    [{ cert: '/cert', key: '/none' }, 'traefik.http.middlewares.m.forwardauth.tls.cert=/cert', /No key/],
    [{ cert: '/cert' }, 'traefik.http.middlewares.m.forwardauth.tls.cert=/cert', /come together/],
    [{ key: 's3cret' }, 'traefik.http.middlewares.m.forwardauth.tls.cert=', /come together/],
  ];
  for (const [tls, label, message] of cases) {
    const { middleware, diagnostics } = resolveTls(tls);
    assert.equal(middleware.status, 'disabled');
    assert.equal(diagnostics[0]?.label, label);
    assert.match(diagnostics[0]?.message ?? '', message);
    assert.doesNotMatch(JSON.stringify(diagnostics), /s3cret/);
  }
});
