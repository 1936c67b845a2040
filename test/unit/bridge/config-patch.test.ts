// The bridge keeps both sides equal and the identity of what did not change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyPatch, diffConfigs } from '../../../src/bridge/config-patch.ts';
import {
  type DynamicConfig,
  emptyDynamicConfig,
  type Middleware,
} from '../../../src/model/dynamic-config.ts';

const middleware = (name: string, prefix: string): Middleware => ({
  name,
  provider: 'docker',
  status: 'enabled',
  errors: [],
  origins: [],
  kind: 'addPrefix',
  options: { prefix },
});

function configOf(version: number, middlewares: Iterable<Middleware>): DynamicConfig {
  return { ...emptyDynamicConfig, version, middlewares: new Map([...middlewares].map((m) => [m.name, m])) };
}

test('a patch carries only what changed', () => {
  const kept = middleware('a', '/a');
  const previous = configOf(1, [kept, middleware('b', '/b'), middleware('gone', '/gone')]);
  const changed = middleware('b', '/other');
  const patch = diffConfigs(previous, configOf(2, [kept, changed, middleware('new', '/new')]));
  assert.deepEqual(
    patch.middlewares.set.map(({ name }) => name),
    ['b', 'new'],
  );
  assert.deepEqual(patch.middlewares.removed, ['gone']);
  assert.deepEqual(patch.routers, { set: [], removed: [] });
});

test('unchanged objects and tables keep their identity', () => {
  const kept = middleware('a', '/a');
  const previous = configOf(1, [kept, middleware('b', '/b')]);
  const next = applyPatch(previous, diffConfigs(previous, configOf(2, [kept, middleware('b', '/c')])));
  assert.equal(next.middlewares.get('a'), kept);
  assert.equal(next.routers, previous.routers);
});

test('a patch for another version is refused', () => {
  const patch = diffConfigs(configOf(3, []), configOf(4, []));
  assert.throws(() => applyPatch(configOf(2, []), patch), RangeError);
});

test('any two versions come out equal after the patch, whatever the names', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a@docker'));
  const table = fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([key]) => key });
  fc.assert(
    fc.property(table, table, (before, after) => {
      const previous = configOf(
        1,
        before.map(([key, prefix]) => middleware(key, prefix)),
      );
      const next = configOf(
        2,
        after.map(([key, prefix]) => middleware(key, prefix)),
      );
      const patched = applyPatch(previous, structuredClone(diffConfigs(previous, next)));
      assert.equal(patched.version, 2);
      assert.equal(patched.middlewares.size, next.middlewares.size);
      for (const [key, value] of next.middlewares) assert.deepEqual(patched.middlewares.get(key), value);
    }),
  );
});
