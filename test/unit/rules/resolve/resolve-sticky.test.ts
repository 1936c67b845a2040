// Sticky cookies: defaults, and what a cookie cannot hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { LoadBalancerOptions } from '../../../../src/model/service.ts';
import type { StickyCookieOptions } from '../../../../src/model/sticky-schema.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import { balancedIn, declare, declareService } from '../../../support/declare.ts';

function resolveWith(sticky: LoadBalancerOptions['sticky'], more: Omit<LoadBalancerOptions, 'server'> = {}) {
  const labels = ['name', 'path', 'domain', 'samesite'].map(
    (option) => `traefik.http.services.app.loadbalancer.sticky.cookie.${option}`,
  );
  const options = { ...more, ...(sticky === undefined ? {} : { sticky }) };
  const config = resolve({
    providers: [declare({ services: [declareService('app', options, { labels })] })],
    entryPoints: [],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  const service = balancedIn(config, 'app@docker');
  return { service, cookie: service.stickyCookie, found: config.diagnostics };
}

const withCookie = (cookie: StickyCookieOptions) => resolveWith({ cookie });

test('a cookie gets its defaults', () => {
  const { service, cookie } = withCookie({});
  assert.equal(service?.status, 'enabled');
  assert.deepEqual(cookie, { secure: false, httpOnly: false, maxAge: 0, path: '/', domain: '' });
});

test('every option is kept', () => {
  const options = {
    name: 'stay',
    secure: true,
    httpOnly: true,
    sameSite: 'none',
    maxAge: -1,
    path: '',
    domain: 'example.com',
  } as const;
  const { service, cookie } = withCookie(options);
  assert.deepEqual(cookie, options);
  assert.equal(service?.status, 'enabled');
});

test('a control character in the name is an error of the service', () => {
  const { service, found } = withCookie({ name: 'a\r\nSet-Cookie: b' });
  assert.equal(service?.status, 'disabled');
  assert.deepEqual(
    found.map(({ severity, code, label }) => [severity, code, label]),
    [
      [
        'error',
        'bad-value',
        'traefik.http.services.app.loadbalancer.sticky.cookie.name="a\\r\\nSet-Cookie: b"',
      ],
    ],
  );
});

for (const { name, options, cookie } of [
  {
    name: 'a name that is no token is changed as in Traefik',
    options: { name: 'my cookie=ü' },
    cookie: { name: 'my_cookie__' },
  },
  {
    name: 'characters that would begin another attribute are taken out of a path',
    options: { path: '/a;\nb' },
    cookie: { path: '/ab' },
  },
  {
    name: 'a domain that is none is left out',
    options: { domain: 'example.com; Secure' },
    cookie: { domain: '' },
  },
  {
    name: 'SameSite=None needs Secure',
    options: { sameSite: 'none' },
    cookie: { sameSite: 'none' },
  },
] as const) {
  test(name, () => {
    const { service, cookie: resolved, found } = withCookie(options);
    assert.equal(service?.status, 'warning');
    assert.equal(found.length, 1);
    assert.ok(found[0]?.label?.startsWith('traefik.http.services.app.loadbalancer.sticky.cookie.'));
    assert.deepEqual({ ...resolved, ...cookie }, resolved);
  });
}

test('the dot in front of a domain is dropped, as browsers do', () => {
  assert.equal(withCookie({ domain: '.example.com' }).cookie?.domain, 'example.com');
});

test('sticky without a cookie, and with a strategy that is sticky itself, has no effect and says so', () => {
  for (const { service } of [resolveWith({}), resolveWith({ cookie: {} }, { strategy: 'hrw' })]) {
    assert.equal(service?.stickyCookie, undefined);
    assert.equal(service?.status, 'warning');
  }
});
