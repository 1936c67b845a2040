// Equality of plain data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameValue } from '../../../src/lib/same-value.ts';

const same: readonly (readonly [unknown, unknown])[] = [
  [1, 1],
  [Number.NaN, Number.NaN],
  [undefined, undefined],
  [
    { a: 1, b: [1, { c: null }] },
    { b: [1, { c: null }], a: 1 },
  ],
  [[], []],
];
const different: readonly (readonly [unknown, unknown])[] = [
  [1, '1'],
  [null, undefined],
  [null, {}],
  [{ a: undefined }, {}],
  [{ a: undefined }, { b: undefined }],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 2]],
  [[], {}],
  [{ toString: 1 }, { valueOf: 1 }],
  [{ a: { b: 1 } }, { a: { b: 2 } }],
];

test('equal data are the same, in both directions', () => {
  for (const [one, other] of same) {
    assert.ok(sameValue(one, other) && sameValue(other, one), JSON.stringify([one, other]));
  }
});

test('other data are not', () => {
  for (const [one, other] of different) {
    assert.ok(!sameValue(one, other) && !sameValue(other, one), JSON.stringify([one, other]));
  }
});

test('a key that every object inherits is not taken for an own one', () => {
  const parsed = JSON.parse('{"__proto__": 1}');
  assert.ok(!sameValue(parsed, {}));
  assert.ok(sameValue(parsed, JSON.parse('{"__proto__": 1}')));
});
