import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGenerationMemo } from '../../../src/lib/generation-memo.ts';

test('a result is made once, as long as it is asked for now and then', () => {
  const memo = createGenerationMemo<string>(3);
  const made: string[] = [];
  const ask = (key: string): string =>
    memo(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  for (const key of ['a', 'b', 'a', 'c', 'd', 'a', 'e', 'f', 'a']) assert.equal(ask(key), key.toUpperCase());
  assert.deepEqual(made, ['a', 'b', 'c', 'd', 'e', 'f']);
  ask('b');
  assert.deepEqual(made.at(-1), 'b', 'what was not asked for has been forgotten');
});

test('an absent result is remembered too', () => {
  const memo = createGenerationMemo<undefined>(2);
  let count = 0;
  const make = (): undefined => {
    count += 1;
  };
  memo('a', make);
  memo('a', make);
  assert.equal(count, 1);
});
