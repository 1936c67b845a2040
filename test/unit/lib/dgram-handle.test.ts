// That Node still keeps the handle of UDP sockets where it is looked for.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { descriptorOf, stopReceiving } from '../../../src/lib/dgram-handle.ts';
import { until } from '../../support/until.ts';

async function boundSocket() {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return socket;
}

test('a bound socket has a descriptor', async () => {
  const socket = await boundSocket();
  assert.match(readlinkSync(`/proc/self/fd/${descriptorOf(socket)}`), /^socket:/);
  await socket[Symbol.asyncDispose]();
  assert.throws(() => descriptorOf(socket), TypeError);
});

test('a socket that has stopped receiving goes on sending', async () => {
  const [one, other] = [await boundSocket(), await boundSocket()];
  const seen: string[] = [];
  one.on('message', () => seen.push('one'));
  other.on('message', () => seen.push('other'));
  stopReceiving(one);
  other.send('x', one.address().port, '127.0.0.1');
  one.send('x', other.address().port, '127.0.0.1');
  await until('the datagram has come', () => seen.length > 0);
  assert.deepEqual(seen, ['other']);
  await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});
