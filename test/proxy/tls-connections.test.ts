// Encrypted connections as connections: their beginnings in pieces, their limits and their end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { tlsClient, tlsClientInBytes } from '../support/tls-client.ts';

const get = (target = '/') => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** One router that answers encrypted connections. */
const secureTo = (url: string) => gateway().service('s', [url]).router('r', { tls: {} });

test('a client whose ciphertext comes in single bytes is served', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await secureTo(upstream.url).start();
  using client = await tlsClientInBytes(web.port);
  client.send(get());
  await client.sees(/200 OK[\s\S]*ok$/);
});

test('a stream passes chunk by chunk, and the connection goes on after it', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await secureTo(upstream.url).start();
  using client = await tlsClient(web.port);
  client.send(get('/speak'));
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  await client.sees('one');
  replica.send('3\r\ntwo\r\n');
  await client.sees('two');
  replica.send('0\r\n\r\n');
  await client.sees(/two\r\n0\r\n\r\n$/);
  client.send(get('/next'));
  await replica.sees('GET /next');
  replica.send(ok('next'));
  await client.sees(/next$/);
});

test('requests of an encrypted connection are counted, and its address is the client’s', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await secureTo(upstream.url).entryPoint({ keepAliveMaxRequests: 2 }).start();
  using client = await tlsClient(web.port);
  client.send(get('/1'));
  await client.sees('200 OK');
  client.send(get('/2'));
  assert.match(await client.ended(), /Connection: close/i);
  assert.match(upstream.received, /X-Forwarded-For: 127\.0\.0\.1\r\n/);
});

test('the end of the gateway does not wait for a handshake', async () => {
  await using web = await secureTo('http://127.0.0.1:1').start();
  using handshaking = await rawClient(web.port);
  handshaking.send('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');
  // It has been accepted when one that came later is answered.
  using later = await tlsClient(web.port);
  later.send(get());
  await later.sees('502 Bad Gateway');
  await web.plane.drain();
  assert.equal(await handshaking.ended(), '');
});
