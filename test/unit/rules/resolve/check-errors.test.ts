import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { ErrorsOptions } from '../../../../src/model/middlewares/errors.ts';
import type { DeclaredService } from '../../../../src/model/provider-config.ts';
import { checkErrors } from '../../../../src/rules/resolve/check-errors.ts';
import { createResolver, resolve } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareMiddleware, declareRouter, declareService } from '../../../support/declare.ts';

const wrong: readonly (readonly [Omit<ErrorsOptions, 'service'>, option: string, said: RegExp])[] = [
  [{ status: ['404', '5xx'] }, 'status', /"5xx"/],
  [{ status: ['599-500'] }, 'status', /"599-500"/],
  [{ statusRewrites: { teapot: '404' } }, 'statusRewrites.teapot', /"teapot"/],
  [{ statusRewrites: { '418': '40' } }, 'statusRewrites.418', /"40"/],
  [{ statusRewrites: { '418': '101' } }, 'statusRewrites.418', /"101"/],
];

for (const [options, option, said] of wrong) {
  test(`${JSON.stringify(options)} is an error at ${option}`, () => {
    const [finding, ...others] = checkErrors({ service: 'p', ...options });
    assert.deepEqual(others, []);
    assert.equal(finding?.severity, 'error');
    assert.equal(finding?.option?.key, `errors.${option}`);
    assert.match(finding?.message ?? '', said);
  });
}

test('statuses, ranges and rewrites that can be read are right', () => {
  const options = { status: ['404', ' 500 - 599 '], statusRewrites: { '500-504': '503' } };
  assert.deepEqual(checkErrors({ service: 'p', ...options }), []);
});

/** A router behind an errors middleware whose pages come of `service`. */
function withService(service: string, services: readonly string[]) {
  const labels = ['traefik.http.middlewares.e.errors.service'];
  const config = resolve({
    providers: [
      declare({
        routers: [declareRouter('r', { middlewares: ['e'] })],
        services: ['app', ...services].map((name) => declareService(name)),
        middlewares: [declareMiddleware('e', { kind: 'errors', options: { service } }, { labels })],
      }),
    ],
    entryPoints: [{ name: 'web', asDefault: false }],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  const middleware = config.middlewares.get('e@docker');
  return { config, middleware, router: config.routers.get('r@docker') };
}

test('the service of the pages is qualified', () => {
  const { middleware, router } = withService('pages', ['pages']);
  assert.deepEqual(middleware?.options, { service: 'pages@docker' });
  assert.deepEqual([middleware?.status, router?.status], ['enabled', 'enabled']);
});

test('a service that is not there stops the middleware and its routers, with the nearest name', () => {
  const { config, middleware, router } = withService('pags', ['pages']);
  assert.deepEqual([middleware?.status, router?.status], ['disabled', 'disabled']);
  const [fault] = config.diagnostics.filter(({ object }) => object?.kind === 'middleware');
  assert.equal(fault?.label, 'traefik.http.middlewares.e.errors.service=pags');
  assert.match(`${fault?.message} ${fault?.hint}`, /no service pags@docker.*pages@docker/);
});

test('a service with middlewares of its own stops the middleware: they would not run for the pages', () => {
  const resolver = createResolver();
  const unchanged = {
    routers: [declareRouter('r', { service: 'app', middlewares: ['e'] })],
    middlewares: [
      declareMiddleware('auth'),
      declareMiddleware('e', { kind: 'errors', options: { service: 'pages' } }),
    ],
  };
  let previous = emptyDynamicConfig;
  const apply = (ofPages: DeclaredService['options']) => {
    previous = resolver({
      providers: [
        declare({
          ...unchanged,
          services: [declareService('app'), declareService('pages', ofPages)],
        }),
      ],
      entryPoints: [{ name: 'web', asDefault: true }],
      defaultRuleSyntax: 'v3',
      previous,
    });
    return [previous.middlewares.get('e@docker')?.status, previous.routers.get('r@docker')?.status];
  };
  assert.deepEqual(apply({}), ['enabled', 'enabled']);
  assert.deepEqual(apply({ middlewares: ['auth'] }), ['disabled', 'disabled']);
  assert.match(previous.middlewares.get('e@docker')?.errors.join() ?? '', /pages@docker has middlewares/);
  assert.deepEqual(apply({}), ['enabled', 'enabled'], 'and is mended when they are gone');
});
