// Answers of replicas that lost the client its answer, were taken for a fault of the client, or could fill the gateway's
// memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, gatewayTo } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

test('a 204 that announces a length reaches the client as a 204', async () => {
  await using upstream = await scriptedUpstream(
    answering('HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\nPOISON'),
  );
  await using web = await gatewayTo(upstream.url).start();
  const answer = await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(answer.status, 204);
  assert.equal(answer.rest, '');
});

test('interim answers without end are cut short, and the client hears why', async () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(5_000);
  await using upstream = await scriptedUpstream(answering(hints));
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.sees(/502 Bad Gateway[\s\S]*code: upstream-protocol/);
  assert.ok((client.received.match(/103 Early Hints/g)?.length ?? 0) <= 100);
  await (await upstream.connection(0)).closed();
});

test('a field that a middleware may not write is a fault of the gateway, not of the client', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  const web = await gateway()
    .service('s', [upstream.url])
    .middleware('m', { kind: 'headers', options: { customResponseHeaders: { 'X-A': 'a\r\nX-B: b' } } })
    .router('r', { middlewares: ['m'] })
    .start();
  const answer = await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(answer.status, 500);
  assert.equal(answer.headers.get('x-b'), undefined);
  assert.equal(web.errors.length, 1, 'it is logged');
  await web.plane.drain();
});
