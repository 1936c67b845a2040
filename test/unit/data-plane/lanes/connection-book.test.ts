// The book of client connections: what is under way on a connection ends with it, whether Node tells the response or not.
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createConnectionBook } from '../../../../src/data-plane/lanes/connection-book.ts';

const noLimits = { maxRequests: 0, maxAgeMs: 0 };

test('everything that is under way on a connection ends when it closes, once', () => {
  const book = createConnectionBook(noLimits);
  const socket = new Socket();
  const ended: string[] = [];
  const { endings } = book.of(socket);
  for (const name of ['first', 'waiting behind it']) {
    const end = (): void => {
      if (endings.delete(ending)) ended.push(name);
    };
    const ending = { onLeave() {}, onClose: end };
    endings.add(ending);
  }
  socket.emit('close', false);
  assert.deepEqual(ended, ['first', 'waiting behind it']);
  assert.equal(endings.size, 0);
});

test('it is empty once every connection has closed', async () => {
  const book = createConnectionBook(noLimits);
  const sockets = [new Socket(), new Socket()];
  for (const socket of sockets) book.of(socket);
  let empty = false;
  const waiting = book.whenEmpty().then(() => {
    empty = true;
  });
  sockets[0]?.emit('close', false);
  await Promise.resolve();
  assert.equal(empty, false);
  sockets[1]?.emit('close', false);
  await waiting;
});
