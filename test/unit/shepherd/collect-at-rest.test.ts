// When a thread collects its garbage: after its start and after load, once it rests, and never in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRestWatch } from '../../../src/shepherd/collect-at-rest.ts';

const collections = (shares: readonly number[]): readonly boolean[] => shares.map(createRestWatch());

test('it collects once after its start', () => {
  assert.deepEqual(collections([0.9, 0, 0, 0, 0]), [false, false, true, false, false]);
});

test('it collects once after each time of load', () => {
  assert.deepEqual(collections([0, 0, 0.5, 0, 0, 0, 0.5, 0, 0]), [
    ...[false, true, false],
    ...[false, true, false, false],
    ...[false, true],
  ]);
});

test('a short pause is no rest, and little work is no load', () => {
  assert.deepEqual(collections([0.9, 0, 0.9, 0, 0.1, 0.1]), [false, false, false, false, false, false]);
  assert.deepEqual(collections([0, 0, 0.1, 0.1, 0, 0, 0]), [
    ...[false, true, false],
    ...[false, false, false, false],
  ]);
});
