// Time limits of a router towards its replicas: which code says which, and what a client gets of a stream that is cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouterTimeouts } from '../../src/model/dynamic-config.ts';
import { gateway, type ReplicaDraft } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

const limited = (replicas: readonly (string | ReplicaDraft)[], timeouts: RouterTimeouts) =>
  gateway().service('s', replicas).router('r', { timeouts });

const request = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** Status and code over HTTP/1.1 and over HTTP/2. */
async function outcomes(port: number): Promise<readonly string[]> {
  const one = await rawRequest(port, request);
  await using client = await http2Client(`http://127.0.0.1:${port}`);
  const two = await client.request('/');
  return [
    `${one.status} ${/code: (\S+)/.exec(one.rest)?.[1]}`,
    `${two.status} ${/code: (\S+)/.exec(two.body)?.[1]}`,
  ];
}

const twice = (outcome: string) => [outcome, outcome];

test('firstByte: a replica that does not begin to answer', async () => {
  await using replica = await scriptedUpstream();
  await using web = await limited([replica.url], { firstByte: 100 }).start();
  assert.deepEqual(await outcomes(web.port), twice('504 upstream-first-byte-timeout'));
  for (const { closed } of replica.connections) await closed();
});

test('total: however much has come', async () => {
  await using replica = await scriptedUpstream();
  await using web = await limited([replica.url], { total: 100, firstByte: 3_600_000 }).start();
  assert.deepEqual(await outcomes(web.port), twice('504 total-timeout'));

  await using dripping = await scriptedUpstream((connection) => {
    answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')(connection);
    const timer = setInterval(() => connection.send('1\r\nx\r\n'), 20);
    connection.socket.once('close', () => clearInterval(timer));
  });
  await using other = await limited([dripping.url], { total: 2_000, idle: 3_600_000 }).start();
  const got = await rawRequest(other.port, request);
  assert.equal(got.status, 200);
  assert.doesNotMatch(got.rest, /\r\n0\r\n\r\n$/);
});

test('idle: a stream that stops is cut, and never given a clean end', async () => {
  await using replica = await scriptedUpstream(
    answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n'),
  );
  await using web = await limited([replica.url], { idle: 100 }).start();
  const got = await rawRequest(web.port, request);
  assert.equal(got.status, 200);
  assert.match(got.rest, /^3\r\none\r\n/);
  assert.doesNotMatch(got.rest, /\r\n0\r\n\r\n$/);
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  const two = await client.request('/');
  assert.equal(two.status, 200);
  assert.notEqual(two.code, 0);
  for (const { closed } of replica.connections) await closed();
});

test('connect: a replica with which no connection stands is passed over', async () => {
  // It never says a word of TLS.
  await using silent = await scriptedUpstream();
  await using well = await scriptedUpstream(answering(ok('hello')));
  const url = silent.url.replace('http:', 'https:');
  {
    await using web = await limited([url], { connect: 100 }).start();
    assert.deepEqual(await outcomes(web.port), twice('504 upstream-connect-timeout'));
  }
  await using web = await limited([url, well.url], { connect: 1_000 }).start();
  for (let at = 0; at < 3; at++) assert.equal((await rawRequest(web.port, request)).status, 200);
});

test('a slow upload is not the replica’s fault', async () => {
  await using replica = await scriptedUpstream((connection) => {
    connection.socket.on('data', (text: string) => {
      if (text.endsWith('dy')) connection.send(ok('hello'));
    });
  });
  await using web = await limited([replica.url], { firstByte: 2_000, idle: 2_000 }).start();
  using client = await rawClient(web.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbo');
  await (await replica.connection(0)).sees('bo');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  client.send('dy');
  await client.sees('hello');
});

test('nothing happens after a clean end', async () => {
  await using replica = await scriptedUpstream(answering(ok('hello')));
  const all = { connect: 3_600_000, firstByte: 3_600_000, idle: 50, total: 3_600_000 };
  await using web = await limited([replica.url], all).start();
  using client = await rawClient(web.port);
  for (let at = 1; at <= 2; at++) {
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.sees(new RegExp(`(?:hello[\\s\\S]*){${at}}`));
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(client.isClosed, false);
  }
});

test('responseHeaderTimeout holds where a router sets no limit of its own', async () => {
  await using replica = await scriptedUpstream();
  const draft = gateway()
    .service('s', [replica.url])
    .router('r')
    .router('own', { rule: 'PathPrefix(`/own`)', timeouts: { firstByte: 3_600_000, total: 300 } })
    .transport({ insecureSkipVerify: false, dialTimeoutMs: 0, responseHeaderMs: 100 });
  await using web = await draft.start();
  assert.deepEqual(await outcomes(web.port), twice('504 upstream-first-byte-timeout'));
  const own = await rawRequest(web.port, request.replace('GET / ', 'GET /own '));
  assert.match(own.rest, /total-timeout/);
});
