// Answers of real requests: how many failures leave a replica out, and for how long. Time stands still unless a test moves it.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createPassiveHealth } from '../../../../src/data-plane/live-state/passive-health.ts';

const options = { maxFailedAttempts: 2, failureWindowMs: 1_000, outForMs: 5_000 };

function setUp(t: TestContext) {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const changes: boolean[] = [];
  const health = createPassiveHealth(options, () => changes.push(health.isOut));
  const pass = (ms: number): void => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  return { health, changes, pass };
}

test('so many failures in a row leave it out, and it is back after its time', (t) => {
  const { health, changes, pass } = setUp(t);
  health.note(true);
  assert.equal(health.isOut, false);
  health.note(true);
  assert.equal(health.isOut, true);
  // What was under way changes nothing.
  health.note(true);
  health.note(false);
  pass(4_999);
  assert.equal(health.isOut, true);
  pass(1);
  assert.equal(health.isOut, false);
  assert.deepEqual(changes, [true, false]);
  health.note(true);
  assert.equal(health.isOut, false, 'it begins anew');
});

test('a success between failures forgives them', (t) => {
  const { health } = setUp(t);
  for (let at = 0; at < 5; at++) {
    health.note(true);
    health.note(false);
  }
  assert.equal(health.isOut, false);
});

test('failures that are further apart than the window do not add up', (t) => {
  const { health, pass } = setUp(t);
  for (let at = 0; at < 5; at++) {
    health.note(true);
    pass(1_000);
  }
  assert.equal(health.isOut, false);
  health.note(true);
  pass(999);
  health.note(true);
  assert.equal(health.isOut, true);
});

test('one that is closed hears of nothing more', (t) => {
  const { health, changes, pass } = setUp(t);
  health.note(true);
  health.note(true);
  health.close();
  pass(10_000);
  assert.deepEqual(changes, [true]);
});
