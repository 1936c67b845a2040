// The listening sockets of the first process: bound once, shared among slots, and never shared with strangers unasked.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { createSocketBook } from '../../../src/shepherd/socket-book.ts';

const plan = (more = {}) => ({
  entryPoint: 'web',
  host: '127.0.0.1',
  port: 0,
  reusePort: false,
  slots: 2,
  ...more,
});

test('slots are sockets of their own, and stay the same over generations', async () => {
  const book = createSocketBook();
  const first = await book.open([plan()]);
  assert.equal(new Set(first.held[0]?.fds).size, 2);
  const more = await book.open([plan({ slots: 3 })]);
  assert.deepEqual(more.held[0]?.fds.slice(0, 2), first.held[0]?.fds);
  book.retain([]);
});

test('a port that somebody listens on is a fault, also when he would share it, unless sharing is asked for', async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) =>
    stranger.listen({ host: '127.0.0.1', port: 0, reusePort: true }, resolve),
  );
  const { port } = stranger.address() as AddressInfo;
  const book = createSocketBook();
  const { held, faults } = await book.open([plan({ port }), plan({ entryPoint: 'free' })]);
  assert.deepEqual(
    held.map(({ entryPoint }) => entryPoint),
    ['free'],
  );
  assert.match(faults[0]?.message ?? '', new RegExp(`127\\.0\\.0\\.1:${port} is taken`));
  const shared = await book.open([plan({ port, reusePort: true })]);
  assert.deepEqual(shared.faults, []);
  book.retain([]);
  stranger.close();
});

test('what is let go can be bound by others, and nobody is taken in before a worker listens', async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  await new Promise((resolve) => stranger.close(resolve));
  const book = createSocketBook();
  await book.open([plan({ port })]);
  const refused = await new Promise((resolve) =>
    connect(port, '127.0.0.1').once('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
  );
  assert.equal(refused, 'ECONNREFUSED');
  book.retain([]);
  await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
  stranger.close();
});

test('sockets of UDP are held like those of TCP, tell their family, and share no port number with them', async () => {
  const book = createSocketBook();
  const udp = plan({ entryPoint: 'dns', protocol: 'udp' });
  const first = await book.open([plan(), udp]);
  assert.deepEqual(first.faults, []);
  const [tcp, dns] = first.held;
  assert.equal(tcp?.family, undefined);
  assert.equal(dns?.family, 4);
  assert.equal(new Set(dns?.fds).size, 2);
  const again = await book.open([udp]);
  assert.deepEqual(again.held, [dns]);
  const six = await book.open([plan({ entryPoint: 'six', protocol: 'udp', host: '::1' })]);
  assert.equal(six.held[0]?.family, 6);
  book.retain([]);
});

test('a UDP port that is taken is a fault', async () => {
  const stranger = createSocket('udp4');
  await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.1', resolve));
  const { port } = stranger.address();
  const book = createSocketBook();
  const { faults } = await book.open([plan({ entryPoint: 'dns', protocol: 'udp', port })]);
  assert.match(faults[0]?.message ?? '', new RegExp(`127\\.0\\.0\\.1:${port} is taken`));
  await stranger[Symbol.asyncDispose]();
});

test('a host name is looked up, and one that does not exist is a fault', async () => {
  const book = createSocketBook();
  const { held, faults } = await book.open([
    plan({ host: 'localhost' }),
    plan({ entryPoint: 'no', host: 'no.such.host.invalid' }),
  ]);
  assert.equal(held.length, 1);
  assert.match(faults[0]?.message ?? '', /Cannot listen on no\.such\.host\.invalid/);
  book.retain([]);
});
