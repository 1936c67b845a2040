import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNewRules } from '../../../src/control-plane/publisher/check-new-rules.ts';
import { declare, declareMiddleware, declareRouter } from '../../support/declare.ts';

function setUp(msPerRule: number) {
  const asked: string[] = [];
  let now = 0;
  /** As the memo does: what it knows costs nothing. */
  const pay = (rule: string): void => {
    if (asked.includes(rule)) return;
    asked.push(rule);
    now += msPerRule;
  };
  const check = createNewRules(
    {
      checkRule: (text, syntax) => {
        pay(`${syntax} ${text}`);
        return { faults: [], warnings: [], work: 0 };
      },
      checkMiddleware: ({ kind, options }) => {
        pay(`${kind} ${Object.values(options).join()}`);
        return [];
      },
    },
    'v3',
    () => now,
  );
  return { check, asked };
}

const routers = (...names: string[]) => names.map((name) => declareRouter(name, { rule: name }));

test('rules are checked in slices of 15 ms, each once', () => {
  const { check, asked } = setUp(10);
  const providers = [
    declare({ routers: routers('a', 'b', 'c') }),
    declare({ provider: 'file', routers: routers('d', 'e') }),
  ];
  assert.equal(check(providers), false);
  assert.deepEqual(asked, ['v3 a', 'v3 b']);
  assert.equal(check(providers), false);
  assert.equal(check(providers), true);
  assert.deepEqual(asked, ['v3 a', 'v3 b', 'v3 c', 'v3 d', 'v3 e']);
  assert.equal(check(providers), true);
  assert.equal(asked.length, 5);
});

test('what is declared meanwhile takes the place of what was, and what was checked stays so', () => {
  const { check, asked } = setUp(25);
  const [a, b, c] = routers('a', 'b', 'c');
  assert.ok(a && b && c);
  assert.equal(check([declare({ routers: [a, b] })]), false);
  assert.equal(check([declare({ routers: [a, c] })]), true);
  assert.deepEqual(asked, ['v3 a', 'v3 c']);
});

test('a rule is read in the syntax of its router', () => {
  const { check, asked } = setUp(0);
  check([
    declare({
      routers: [declareRouter('a', { rule: 'x', ruleSyntax: 'v2' }), declareRouter('b', { rule: '' })],
    }),
  ]);
  assert.deepEqual(asked, ['v2 x']);
});

test('middlewares are checked in the same slices', () => {
  const { check, asked } = setUp(10);
  const middlewares = ['a', 'b'].map((name) =>
    declareMiddleware(name, { kind: 'replacePathRegex', options: { regex: name } }),
  );
  const providers = [declare({ routers: routers('r'), middlewares })];
  assert.equal(check(providers), false);
  assert.deepEqual(asked, ['v3 r', 'replacePathRegex a']);
  assert.equal(check(providers), true);
  assert.deepEqual(asked, ['v3 r', 'replacePathRegex a', 'replacePathRegex b']);
});
