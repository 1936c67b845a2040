// Room for copies of requests: how many, with how many bytes, and that what is done gives its room back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMirrorRoom } from '../../../../src/data-plane/live-state/mirror-room.ts';

test('bytes of a body are given back with the last of its copies', () => {
  const room = createMirrorRoom();
  const all = room.bytesLeft;
  const done = room.take(2, 1_000);
  assert.equal(room.bytesLeft, all - 1_000);
  done();
  assert.equal(room.bytesLeft, all - 1_000);
  done();
  assert.equal(room.bytesLeft, all);
});

test('there is room for so many copies, and again when one is done', () => {
  const room = createMirrorRoom();
  const done = [];
  while (room.hasRoom) done.push(room.take(1, 0));
  assert.equal(done.length, 256);
  done[0]?.();
  assert.equal(room.hasRoom, true);
});
