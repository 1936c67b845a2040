// Results remembered by identity, whatever happens to the order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrderedMemo } from '../../../src/lib/ordered-memo.ts';

type Item = { readonly name: string };
const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));

function setUp() {
  const memo = createOrderedMemo<Item, string>();
  /** Runs over the list and says for which objects a result was made anew. */
  return (list: readonly (Item | undefined)[]): string[] => {
    const made: string[] = [];
    memo.begin();
    const results = list.map((item) => {
      assert.ok(item);
      return memo.get(item, () => {
        made.push(item.name);
        return item.name.toUpperCase();
      });
    });
    assert.deepEqual(
      results,
      list.map((item) => item?.name.toUpperCase()),
    );
    return made;
  };
}

test('each result is made once, through insertions, removals, swaps and absence', () => {
  const run = setUp();
  assert.deepEqual(run([a, b, c]), ['a', 'b', 'c']);
  assert.deepEqual(run([a, b, c]), []);
  assert.deepEqual(run([a, d, b, c]), ['d']);
  assert.deepEqual(run([b, c]), []);
  assert.deepEqual(run([c, b, a, d]), []);
  assert.deepEqual(run([]), []);
  assert.deepEqual(run([d, e, a]), ['e']);
});
