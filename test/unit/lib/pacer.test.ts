// The first request at once, those of a burst together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPacer } from '../../../src/lib/pacer.ts';

test('the first request runs before it returns', () => {
  let runs = 0;
  const pacer = createPacer({ run: () => runs++ });
  pacer.request();
  assert.equal(runs, 1);
  pacer.close();
});

test('requests right after a run are merged into one', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const pacer = createPacer({ run: () => runs++, gapMs: 50 });
  for (let at = 0; at < 10; at++) pacer.request();
  assert.equal(runs, 1);
  t.mock.timers.tick(49);
  assert.equal(runs, 1);
  t.mock.timers.tick(1);
  assert.equal(runs, 2);
  t.mock.timers.tick(50);
  assert.equal(runs, 2, 'nothing was wanted since');
  pacer.request();
  assert.equal(runs, 3, 'after a quiet time a request runs at once again');
  pacer.close();
});

test('a request from within the run is served afterwards', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const pacer = createPacer({
    run() {
      runs++;
      if (runs === 1) pacer.request();
    },
    gapMs: 5,
  });
  pacer.request();
  assert.equal(runs, 1);
  t.mock.timers.tick(5);
  assert.equal(runs, 2);
  pacer.close();
});

test('nothing runs after close, not even what was wanted before', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const pacer = createPacer({ run: () => runs++, gapMs: 5 });
  pacer.request();
  pacer.request();
  pacer.close();
  t.mock.timers.tick(100);
  pacer.request();
  assert.equal(runs, 1);
});

test('a run that throws does not stop the next one', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const pacer = createPacer({
    run() {
      runs++;
      if (runs === 1) throw new Error('once');
    },
  });
  assert.throws(() => pacer.request(), /once/);
  t.mock.timers.tick(1_000);
  pacer.request();
  assert.equal(runs, 2);
  pacer.close();
});
