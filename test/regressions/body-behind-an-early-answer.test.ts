// A replica that answered before it had the whole body: the connection waited for the rest of the body, but when the
// client had read on it took what came next for a request. Whoever wrote the body wrote that request (smuggling).
import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

test('the rest of a body is never a request, whenever the client reads the early answer', async () => {
  const accepted: Socket[] = [];
  subscribe('net.server.socket', (message) => accepted.push((message as { socket: Socket }).socket));
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(`POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length + 1}\r\n\r\n.`);
  await client.sees('ok');
  // What a socket says when the client has taken all that was written; how much the system buffers is not for a test.
  accepted.find(({ localPort }) => localPort === web.port)?.emit('drain');
  client.send(`${smuggled}GET /after HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  await client.ended();
  assert.equal(client.received.split('HTTP/1.1 200 OK').length - 1, 2);
  const first = upstream.connections.map(({ received }) => received.split(' ', 2).join(' '));
  assert.deepEqual(first, ['POST /early', 'GET /after']);
});
