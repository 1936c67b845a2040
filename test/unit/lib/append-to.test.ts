// Maps from a key to a list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendTo } from '../../../src/lib/append-to.ts';

test('items stand under their keys in the order in which they came', () => {
  const lists = new Map<string, number[]>();
  appendTo(lists, '__proto__', 1);
  appendTo(lists, 'b', 2);
  appendTo(lists, '__proto__', 3);
  assert.deepEqual(
    [...lists],
    [
      ['__proto__', [1, 3]],
      ['b', [2]],
    ],
  );
});
