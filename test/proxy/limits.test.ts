// Limits in time and number towards clients.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

test('a connection that sends its request too slowly is closed: nothing, a head, a body', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).entryPoint({ readTimeoutMs: 1_500 }).start();
  const startedAt = performance.now();
  const clients = await Promise.all(
    [
      '',
      'GET / HT',
      'GET / HTTP/1.1\r\nHost: a\r\nX: ',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody',
    ].map(async (bytes) => {
      const client = await rawClient(web.port);
      client.send(bytes);
      return client;
    }),
  );
  for (const client of clients) {
    const received = await client.ended();
    if (received !== '') assert.match(received, /^HTTP\/1\.1 408 /);
  }
  assert.ok(performance.now() - startedAt >= 1_000, 'they had their time');
});

test('an idle connection is closed after idleTimeout, an answering one is not', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(upstream.url).entryPoint({ idleTimeoutMs: 300 }).start();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.sees('200 OK');
  await client.ended();
});

test('keepAliveMaxRequests and keepAliveMaxTime announce the last answer of a connection', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  for (const limit of [{ keepAliveMaxRequests: 2 }, { keepAliveMaxTimeMs: 1_000 }]) {
    await using web = await gatewayTo(upstream.url).entryPoint(limit).start();
    using client = await rawClient(web.port);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.sees('200 OK');
    await new Promise((resolve) => setTimeout(resolve, 'keepAliveMaxTimeMs' in limit ? 1_050 : 0));
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.match(await client.ended(), /keep-alive[\s\S]*200 OK[\s\S]*Connection: close/);
  }
});

test('writeTimeout cuts an answer that takes too long', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).entryPoint({ writeTimeoutMs: 200 }).start();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  assert.doesNotMatch(await client.ended(), /\r\n0\r\n\r\n$/);
  await replica.closed();
});
