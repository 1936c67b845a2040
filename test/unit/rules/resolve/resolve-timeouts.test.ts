import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { RouterOptions } from '../../../../src/model/router.ts';
import { resolve } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareRouter } from '../../../support/declare.ts';

function resolveRouterWith(timeouts: RouterOptions['timeouts']) {
  const options = timeouts === undefined ? {} : { timeouts };
  const labels = ['berth.http.routers.r.timeouts.idle'];
  const config = resolve({
    providers: [declare({ routers: [declareRouter('r', options, { labels })] })],
    entryPoints: [{ name: 'web', asDefault: true }],
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  return { router: config.routers.get('r@docker'), diagnostics: config.diagnostics };
}

test('limits that are set are kept, and 0 is none', () => {
  assert.equal(resolveRouterWith(undefined).router?.timeouts, undefined);
  assert.equal(resolveRouterWith({ idle: 0 }).router?.timeouts, undefined);
  assert.deepEqual(resolveRouterWith({ idle: 5_000, total: 0 }).router?.timeouts, { idle: 5_000 });
});

test('a negative limit disables the router and says where it stands', () => {
  const { router, diagnostics } = resolveRouterWith({ idle: -1 });
  assert.equal(router?.status, 'disabled');
  assert.equal(diagnostics[0]?.label, 'berth.http.routers.r.timeouts.idle=-1ms');
});
