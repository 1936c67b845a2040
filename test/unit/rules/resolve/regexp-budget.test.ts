// No container may make a worker compile for long; who is refused does not depend on the order of events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DynamicConfig, emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import { createRegexpBudget } from '../../../../src/rules/resolve/regexp-budget.ts';
import { createResolver } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareRouter } from '../../../support/declare.ts';

test('after any sequence of changes the same routers are refused as when all come at once', () => {
  const change = fc.record({
    router: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    container: fc.constantFrom('one', 'two', undefined),
    work: fc.constantFrom(0, 500_000, 1_400_000, 4_000_000),
    isGone: fc.boolean(),
    isSettled: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const budget = createRegexpBudget();
      const present = new Map<string, { container: string | undefined; work: number }>();
      const known = new Map<string, boolean>();
      const settle = () => {
        for (const router of budget.settle()) known.set(router, budget.exceeds(router));
      };
      for (const { router, container, work, isGone, isSettled } of changes) {
        known.delete(router);
        if (isGone) {
          budget.remove(router);
          present.delete(router);
        } else {
          budget.put(router, container, work);
          present.set(router, { container, work });
        }
        if (isSettled) settle();
      }
      settle();
      const anew = createRegexpBudget();
      for (const [router, { container, work }] of present) anew.put(router, container, work);
      anew.settle();
      for (const router of present.keys()) {
        assert.equal(budget.exceeds(router), anew.exceeds(router), router);
        assert.equal(known.get(router) ?? false, anew.exceeds(router), `${router}: the change was told`);
      }
    }),
    { numRuns: 500 },
  );
});

test('a container’s routers beyond its budget are disabled, and come back when there is room', () => {
  const resolve = createResolver();
  let previous: DynamicConfig = emptyDynamicConfig;
  const step = (...parts: Parameters<typeof declare>[0][]): DynamicConfig => {
    previous = resolve({
      providers: parts.map(declare),
      entryPoints: [{ name: 'web', asDefault: true }],
      defaultRuleSyntax: 'v3',
      previous,
    });
    return previous;
  };
  const costly = (n: number, origin: string) =>
    declareRouter(
      `r${n}`,
      { rule: `Host(\`h${n}\`) && PathRegexp(\`^/[^/]{1,200}/[^/]{1,200}/[^/]{1,90}/${n}$\`)` },
      { origins: [origin] },
    );
  const greedy = Array.from({ length: 60 }, (_, n) => costly(n + 10, 'greedy'));
  const modest = costly(100, 'modest');
  const full = step({ routers: [...greedy, modest] });
  const disabled = [...full.routers.values()].filter(({ status }) => status === 'disabled');
  assert.ok(disabled.length > 5 && disabled.length < 55, `${disabled.length} of 60`);
  assert.ok(disabled.every(({ origins }) => origins[0] === 'greedy'));
  assert.match(disabled[0]?.errors[0] ?? '', /container greedy are too large/);
  const fault = full.diagnostics.find(({ object }) => object.name === disabled[0]?.name);
  assert.match(fault?.label ?? '', /^traefik\.http\.routers\.r\d+\.rule=Host/);
  assert.match(fault?.hint ?? '', /other containers/);
  const half = step({ routers: [...greedy.slice(30), modest] });
  assert.ok(
    half.routers.get(disabled[0]?.name ?? '')?.status !== full.routers.get(disabled[0]?.name ?? '')?.status,
  );
  const again = step({ routers: [...greedy, modest] });
  assert.deepEqual([...again.routers], [...full.routers]);
});
