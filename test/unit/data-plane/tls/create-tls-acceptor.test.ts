// The acceptor alone: what goes wrong behind it costs one connection.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { createTlsAcceptor } from '../../../../src/data-plane/tls/create-tls-acceptor.ts';
import { tlsClient } from '../../../support/tls-client.ts';
import { testTls } from '../../../support/tls-material.ts';
import { until } from '../../../support/until.ts';

test('whoever takes a connection and throws loses that one alone', async () => {
  const faults: unknown[] = [];
  const taken: Socket[] = [];
  const acceptor = createTlsAcceptor(
    testTls,
    { protocols: ['h2', 'http/1.1'], fallback: 'http/1.1', limitMs: 10_000 },
    {
      onSecure(secure, raw, protocol) {
        taken.push(raw, secure);
        if (protocol === 'http/1.1') throw new Error('no lane');
        secure.on('error', () => {}).end(protocol);
      },
      onFault: (_raw, error) => void faults.push(error),
      onFailure: (_raw, failure) => assert.fail(failure),
    },
  );
  const server = createServer((socket) => {
    socket.once('data', (first: Buffer) => {
      socket.pause();
      acceptor.accept(socket, first);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  using unlucky = await tlsClient(port);
  assert.equal(await unlucky.ended(), '');
  assert.deepEqual(faults.map(String), ['Error: no lane']);
  using next = await tlsClient(port, { ALPNProtocols: ['http/1.1', 'h2'] });
  assert.equal(await next.ended(), 'h2', 'the order of the server counts');
  await until('all are closed', () => taken.every((socket) => socket.destroyed));
  await new Promise((resolve) => server.close(resolve));
});

test('of many hellos that come at once each has its turn, and one whose client leaves meanwhile harms nobody', async () => {
  const count = 40;
  const waiting: { readonly socket: Socket; readonly first: Buffer }[] = [];
  let secured = 0;
  const acceptor = createTlsAcceptor(
    testTls,
    { protocols: ['http/1.1'], fallback: 'http/1.1', limitMs: 30_000 },
    {
      onSecure(secure) {
        secured += 1;
        secure.on('error', () => {}).end();
      },
      onFault: (_raw, error) => assert.fail(String(error)),
      onFailure: (_raw, failure) => assert.fail(failure),
    },
  );
  const server = createServer((socket) => {
    socket.once('data', (first: Buffer) => {
      socket.pause();
      waiting.push({ socket, first });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients = Array.from({ length: count }, () => tlsClient(port).catch(() => undefined));
  await until('all hellos have come', () => waiting.length === count);
  for (const { socket, first } of waiting) acceptor.accept(socket, first);
  waiting.at(-1)?.socket.destroy();
  await Promise.all(clients);
  await until('all others are served', () => secured === count - 1);
  for (const { socket } of waiting) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});
