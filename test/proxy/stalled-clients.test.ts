// Clients that stop in the middle: the gateway does not wait for them for ever, in no lane, nor holds a replica for them.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { endHeaders, endStream, frame, headers, preface, uint32 } from '../support/http2-frames.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream, type UpstreamConnection } from '../support/scripted-upstream.ts';
import { tlsClient } from '../support/tls-client.ts';
import { until } from '../support/until.ts';

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** Answers a request with a body that never ends, as fast as it is taken: several MB, until all buffers are full. */
function endless({ socket }: UpstreamConnection): void {
  socket.once('data', () => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    pourInto(socket, `10000\r\n${'x'.repeat(0x10000)}\r\n`);
  });
}

const isTls = { plain: false, TLS: true } as const;

for (const [name, encrypted] of Object.entries(isTls)) {
  test(`a client that reads nothing of its answer is cut after stallTimeout, and its replica let go: ${name}`, async () => {
    await using upstream = await scriptedUpstream(endless);
    await using web = await gatewayTo(upstream.url)
      .entryPoint({ stallTimeoutMs: 1_000, tls: encrypted })
      .start();
    using client = await (encrypted ? tlsClient(web.port) : rawClient(web.port));
    client.send(request);
    await client.sees('200 OK');
    client.socket.pause();
    await (await upstream.connection(0)).closed();
    await web.quiet();
    client.socket.resume();
    await client.ended();
  });
}

test('the last answer of a connection does not wait for ever either', async () => {
  const body = 'x'.repeat(20_000_000);
  await using upstream = await scriptedUpstream(({ socket }) => {
    socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
  });
  await using web = await gatewayTo(upstream.url).entryPoint({ stallTimeoutMs: 1_000 }).start();
  using client = await rawClient(web.port);
  client.socket.pause();
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await web.quiet();
  await (await upstream.connection(0)).closed();
  client.socket.resume();
  assert.ok((await client.ended()).length < body.length);
});

test('a client that ends its side and reads nothing of its answer has left: its replica is let go', async () => {
  await using upstream = await scriptedUpstream(endless);
  await using web = await gatewayTo(upstream.url).entryPoint({ stallTimeoutMs: 0 }).start();
  using client = await rawClient(web.port);
  client.socket.pause();
  client.send(request);
  const replica = await upstream.connection(0);
  await until('the answer is under way', () => replica.socket.writableNeedDrain);
  client.socket.end();
  await replica.closed();
  await web.quiet();
  client.socket.destroy();
});

test('a body that stops after its connection was handed to the complete lane has its time too', async () => {
  await using upstream = await scriptedUpstream(answering((head) => (head.startsWith('GET') ? ok() : '')));
  await using web = await gatewayTo(upstream.url).entryPoint({ readTimeoutMs: 1_000 }).start();
  // The first for the wire lane, the second not: a body of GET, an expectation, a second coding, half a chunk.
  for (const late of [
    'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody',
    'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
    'PROPFIND / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbo',
  ]) {
    using client = await rawClient(web.port);
    client.send(request);
    await client.sees('\r\n\r\nok');
    client.send(late);
    assert.match(await client.ended(), /\r\n\r\nok[\s\S]* 408 Request Timeout\r\n/);
  }
  await web.quiet();
});

test('an upload to a replica that reads nothing ends after readTimeout', async () => {
  await using upstream = await scriptedUpstream(({ socket }) => void socket.pause());
  await using web = await gatewayTo(upstream.url).entryPoint({ readTimeoutMs: 1_000 }).start();
  using client = await rawClient(web.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  pourInto(client.socket, `10000\r\n${'x'.repeat(0x10000)}\r\n`);
  await client.ended();
  await web.quiet();
});

test('a tunnel whose client takes nothing is cut', async () => {
  await using upstream = await scriptedUpstream(({ socket }) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: raw\r\n\r\n');
      pourInto(socket, 'x'.repeat(0x10000));
    });
  });
  await using web = await gatewayTo(upstream.url).entryPoint({ stallTimeoutMs: 1_000 }).start();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: raw\r\n\r\n');
  await client.sees(' 101 ');
  client.socket.pause();
  await (await upstream.connection(0)).closed();
  await web.quiet();
});

test('over HTTP/2 a stream that its client takes nothing of is cut, also when the answer is short; others go on', async () => {
  await using upstream = await scriptedUpstream(({ socket }) => {
    const body = 'x'.repeat(100);
    socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
  });
  await using web = await gatewayTo(upstream.url).entryPoint({ stallTimeoutMs: 1_000 }).start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`, {
    settings: { initialWindowSize: 0 },
  });
  const answer = await client.request('/');
  assert.deepEqual([answer.status, answer.body], [200, '']);
  assert.notEqual(answer.code, 0);
  assert.ok(!client.session.closed);
  await web.quiet();
});

test('over HTTP/2 a client that does not read its connection is cut', async () => {
  await using upstream = await scriptedUpstream(endless);
  await using web = await gatewayTo(upstream.url).entryPoint({ stallTimeoutMs: 1_000 }).start();
  using client = await rawClient(web.port);
  client.socket.pause();
  // All windows as wide as they go: only the connection itself can be full (RFC 9113 §6.5.2, §6.9).
  client.send(
    preface +
      frame('settings', 0, 0, `\0\x04${uint32(2 ** 31 - 1)}`) +
      frame('windowUpdate', 0, 0, uint32(2 ** 31 - 1 - 65_535)) +
      headers(1, {}, endHeaders | endStream),
  );
  await (await upstream.connection(0)).closed();
  await web.quiet();
  client.socket.resume();
  await client.ended();
});

/** Writes it again and again, as fast as it is taken. */
function pourInto(socket: Socket, part: string): void {
  const pour = (): void => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on('drain', pour);
  pour();
}
