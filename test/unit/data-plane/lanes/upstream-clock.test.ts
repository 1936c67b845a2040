// The clock of an attempt: what it does not hold against a replica.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UpstreamClock } from '../../../../src/data-plane/lanes/upstream-clock.ts';
import { until } from '../../../support/until.ts';

const none = Number.POSITIVE_INFINITY;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a client that takes nothing is not the replica’s silence', async () => {
  const told: string[] = [];
  const limits = { connectMs: none, firstByteMs: none, idleMs: 20, totalMs: none };
  const clock = new UpstreamClock(limits, performance.now(), (code) => told.push(code));
  clock.sent(true);
  clock.heard();
  clock.held();
  await pause(80);
  assert.deepEqual(told, []);
  clock.released();
  await until('it expires', () => told.length > 0);
  clock.heard();
  clock.held();
  clock.released();
  await pause(60);
  assert.deepEqual(told, ['upstream-idle-timeout'], 'once only');
});

test('an ended clock tells nothing, whatever comes late', async () => {
  const told: string[] = [];
  const limits = { connectMs: 10, firstByteMs: 10, idleMs: 10, totalMs: 10 };
  const clock = new UpstreamClock(limits, performance.now(), (code) => told.push(code));
  clock.sent(false);
  clock.end();
  clock.requestEnded();
  clock.heard();
  await pause(60);
  assert.deepEqual(told, []);
});
