// Work in turns of the event loop: so much at once, all of it in the end, and in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadOverTurns } from '../../../src/lib/spread-over-turns.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('so much is done at once, the rest on the turns that follow, in order', async () => {
  const run = spreadOverTurns(2);
  const done: number[] = [];
  for (let piece = 0; piece < 5; piece++) run(() => done.push(piece));
  assert.deepEqual(done, [0, 1]);
  await turn();
  assert.deepEqual(done, [0, 1, 2, 3]);
  run(() => done.push(5));
  assert.deepEqual(done, [0, 1, 2, 3]);
  await turn();
  assert.deepEqual(done, [0, 1, 2, 3, 4, 5]);
  await turn();
  run(() => done.push(6));
  assert.deepEqual(done, [0, 1, 2, 3, 4, 5, 6]);
});

test('work that fails keeps none that waits from its turn', async () => {
  const run = spreadOverTurns(1);
  const done: string[] = [];
  assert.throws(() =>
    run(() => {
      throw new Error('wrong');
    }),
  );
  run(() => done.push('next'));
  assert.deepEqual(done, []);
  await turn();
  assert.deepEqual(done, ['next']);
});
