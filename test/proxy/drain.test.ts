// The end of the gateway: nothing new is accepted, what is under way is finished as long as it may be, the rest is cut.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const isRefused = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });

test('streams are finished, idle connections close at once, new ones are refused', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).start();
  using silent = await rawClient(web.port);
  using stream = await rawClient(web.port);
  using waiting = await rawClient(web.port);
  stream.send('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
  const first = await upstream.connection(0);
  await first.sees('\r\n\r\n');
  first.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  await stream.sees('one');
  waiting.send('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n');
  const second = await upstream.connection(1);
  await second.sees('\r\n\r\n');

  let isDrained = false;
  const drained = web.plane.drain().then(() => {
    isDrained = true;
  });
  await silent.ended();
  await until('new connections are refused', () => isRefused(web.port));
  assert.equal(isDrained, false);
  second.send(ok('late'));
  assert.match(await waiting.ended(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close[\s\S]*late$/);
  first.send('3\r\ntwo\r\n0\r\n\r\n');
  assert.match(await stream.ended(), /one\r\n3\r\ntwo\r\n0\r\n\r\n$/);
  await drained;
});

test('what is not over at the limit is cut, tunnels too', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).entryPoint({ graceTimeoutMs: 200 }).start();
  using stream = await rawClient(web.port);
  stream.send('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
  const first = await upstream.connection(0);
  await first.sees('\r\n\r\n');
  first.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  await stream.sees('one');
  using tunnel = await rawClient(web.port);
  tunnel.send('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const second = await upstream.connection(1);
  await second.sees('\r\n\r\n');
  second.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  await tunnel.sees('101');
  await web.plane.drain();
  assert.doesNotMatch(await stream.ended(), /\r\n0\r\n\r\n$/);
  await tunnel.ended();
  await first.closed();
  await second.closed();
});

test('requests are still accepted for requestAcceptGraceTimeout', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(upstream.url).entryPoint({ requestAcceptGraceMs: 1_500 }).start();
  const drained = web.plane.drain();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.sees('200 OK');
  await drained;
  await client.ended();
});
