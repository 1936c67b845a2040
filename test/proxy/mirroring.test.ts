// Copies of requests to other services: which requests, with which bodies, and that no client ever waits for one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MirroringComposite } from '../../src/model/dynamic-config.ts';
import { gateway } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { type RecordingReplica, recordingReplica } from '../support/recording-replica.ts';
import { scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

let main: RecordingReplica;
before(async () => {
  main = await recordingReplica();
});
after(async () => {
  await main[Symbol.asyncDispose]();
});

const member = (name: string) => ({ name, written: name, weight: 1 });

function mirrored(to: readonly string[], more: Partial<MirroringComposite> = {}) {
  const draft = gateway().service('main', [main.url]);
  for (const [at, url] of to.entries()) draft.service(`copy${at}`, [url]);
  const composite: MirroringComposite = {
    kind: 'mirroring',
    members: [member('main')],
    mirrors: to.map((_, at) => ({ name: `copy${at}`, written: `copy${at}`, percent: 100 })),
    mirrorBody: true,
    maxBodySize: -1,
    followsHealth: false,
    depth: 1,
    ...more,
  };
  return draft.composite('m', composite).router('r', { service: 'm' });
}

const requestsOf = (replica: RecordingReplica) =>
  replica
    .connections()
    .flat()
    .filter(({ isWhole }) => isWhole);

const post = (body: string) =>
  `POST /p?q HTTP/1.1\r\nHost: a\r\nX-Mark: 1\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

test('each mirror gets a copy with its body, in every form of bodies', async () => {
  await using one = await recordingReplica();
  await using two = await recordingReplica();
  const served = await mirrored([one.url, two.url]).start();
  assert.equal((await rawRequest(served.port, post('hello'))).status, 200);
  const chunked = 'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
  assert.equal((await rawRequest(served.port, `${chunked}3\r\nabc\r\n0\r\n\r\n`)).status, 200);
  assert.equal(
    (await rawRequest(served.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).status,
    200,
  );
  for (const replica of [one, two]) {
    await until('three copies have come', () => requestsOf(replica).length === 3);
    assert.deepEqual(
      requestsOf(replica).map(({ body }) => String(body)),
      ['hello', 'abc', ''],
    );
  }
  await served.close();
});

test('copies are made over HTTP/2 too', async () => {
  await using one = await recordingReplica();
  const served = await mirrored([one.url]).start();
  await using client = await http2Client(`http://127.0.0.1:${served.port}`);
  assert.equal((await client.request('/h2', { body: 'two' })).status, 200);
  await until('a copy has come', () => requestsOf(one).length === 1);
  await client.close();
  await served.close();
});

test('a mirror gets its share of the requests', async () => {
  await using one = await recordingReplica();
  const percent = { name: 'copy0', written: 'copy0', percent: 25 };
  const served = await mirrored([one.url], { mirrors: [percent] }).start();
  for (let at = 0; at < 8; at++) assert.equal((await rawRequest(served.port, post(`b${at}`))).status, 200);
  await until('two copies have come', () => requestsOf(one).length === 2);
  assert.deepEqual(
    requestsOf(one).map(({ body }) => String(body)),
    ['b0', 'b4'],
  );
  await served.close();
});

test('without mirrorBody copies have none, and larger bodies than maxBodySize are not copied', async () => {
  await using one = await recordingReplica();
  const served = await mirrored([one.url], { mirrorBody: false }).start();
  await rawRequest(served.port, post('hello'));
  await until('a copy has come', () => requestsOf(one).length === 1);
  assert.equal(String(requestsOf(one)[0]?.body), '');
  served.apply(mirrored([one.url], { maxBodySize: 3 }));
  assert.equal((await rawRequest(served.port, post('large'))).status, 200);
  assert.equal((await rawRequest(served.port, post('abc'))).status, 200);
  await until('one more has come', () => requestsOf(one).length === 2);
  assert.equal(String(requestsOf(one)[1]?.body), 'abc');
  await served.close();
});

test('nobody waits for a mirror that does not answer, or is not there', async () => {
  const silent = await scriptedUpstream();
  const served = await mirrored([silent.url, 'http://127.0.0.1:1']).start();
  for (let at = 0; at < 3; at++)
    assert.equal((await rawRequest(served.port, post('x'.repeat(100_000)))).status, 200);
  await until('the copies are under way', () => silent.connections.length === 3);
  await silent.close();
  await served.close();
});

test('what a client leaves is not copied', async () => {
  await using one = await recordingReplica();
  const slow = await scriptedUpstream();
  const draft = mirrored([one.url]).service('main', [slow.url]);
  const served = await draft.start();
  const client = await rawClient(served.port);
  client.send('GET /left HTTP/1.1\r\nHost: a\r\n\r\n');
  await until('it has come', () => slow.received.includes('/left'));
  client.socket.destroy();
  await slow.connections[0]?.closed();
  served.apply(mirrored([one.url]));
  await rawRequest(served.port, post('next'));
  await until('the next one is copied', () => requestsOf(one).length === 1);
  assert.equal(String(requestsOf(one)[0]?.body), 'next');
  await slow.close();
  await served.close();
});
