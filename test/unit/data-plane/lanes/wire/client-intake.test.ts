// Whether a client's socket is read, as its reasons come and go.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { ClientIntake } from '../../../../../src/data-plane/lanes/wire/client-intake.ts';

/** Paused, as sockets come to a lane. */
function fakeSocket(): Socket & { isRead: boolean } {
  const socket = {
    isRead: false,
    pause() {
      socket.isRead = false;
    },
    resume() {
      socket.isRead = true;
    },
  };
  return socket as never;
}

test('a socket is read when the last reason against it is gone', () => {
  const socket = fakeSocket();
  const intake = new ClientIntake(socket);
  assert.ok(!socket.isRead);
  intake.hold('body');
  intake.begin();
  assert.ok(!socket.isRead);
  intake.hold('ahead');
  intake.release('body');
  assert.ok(!socket.isRead);
  intake.release('ahead');
  assert.ok(socket.isRead);
});

test('many bytes in one turn make a socket wait for the next one', async () => {
  const socket = fakeSocket();
  const intake = new ClientIntake(socket);
  intake.begin();
  for (let read = 0; read < 3; read++) intake.count(64 * 1024);
  assert.ok(socket.isRead);
  intake.count(64 * 1024);
  assert.ok(!socket.isRead);
  await new Promise(setImmediate);
  assert.ok(socket.isRead);
});

test('a socket that is given away is left alone', async () => {
  const socket = fakeSocket();
  const intake = new ClientIntake(socket);
  intake.begin();
  intake.count(1024 * 1024);
  intake.hold('gone');
  await new Promise(setImmediate);
  intake.release('body');
  assert.ok(!socket.isRead);
});
