// Several requests on one connection of a client: in one packet, in single bytes, in forms for different lanes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

/** Answers each request with its own target, also those with a body of `Content-Length: 4`. */
const echo = answering((head) => ok(/^\S+ (\S+)/.exec(head.replace(/^body/, ''))?.[1] ?? '?'));

/** Bodies of answers, in order. */
const bodies = (received: string) => [...received.matchAll(/\r\n\r\n(\/\d)/g)].map(([, target]) => target);

const plain = (target: string, fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;

test('pipelined requests are answered in order, whole or in single bytes', async () => {
  await using upstream = await scriptedUpstream(echo);
  await using web = await gatewayTo(upstream.url).start();
  const sent = plain('/1') + plain('/2') + plain('/3');
  using whole = await rawClient(web.port);
  whole.send(sent);
  await until('all are answered', () => bodies(whole.received).length === 3);
  assert.deepEqual(bodies(whole.received), ['/1', '/2', '/3']);
  using pieces = await rawClient(web.port);
  for (const character of sent) {
    pieces.send(character);
    await new Promise(setImmediate);
  }
  await until('all are answered', () => bodies(pieces.received).length === 3);
  assert.deepEqual(bodies(pieces.received), ['/1', '/2', '/3']);
});

test('a connection goes on when a request of it is not in plain form', async () => {
  await using upstream = await scriptedUpstream(echo);
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  const odd = 'GET /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody';
  client.send(plain('/1') + odd + plain('/3'));
  await until('all are answered', () => bodies(client.received).length === 3);
  assert.deepEqual(bodies(client.received), ['/1', '/2', '/3']);
});

test('nothing is served behind the last answer of a connection', async () => {
  await using upstream = await scriptedUpstream(echo);
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(plain('/1', 'Connection: close\r\n') + plain('/2'));
  assert.deepEqual(bodies(await client.ended()), ['/1']);
  assert.doesNotMatch(upstream.received, /\/2/);
});

test('many pipelined requests that the gateway answers itself do not pile up', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').start();
  using client = await rawClient(web.port);
  const count = 2_000;
  client.send(plain('/x%2Fy').repeat(count));
  // A path that is refused is no fault of the connection, which goes on.
  await until('all are answered', () => client.received.split('400 Bad Request\r\n').length - 1 === count);
  using second = await rawClient(web.port);
  second.send(plain('/1').repeat(count));
  await until('all are answered', () => second.received.split('502 Bad Gateway\r\n').length - 1 === count);
});

test('a client that sends requests and no end of them is read no faster than it is answered', async () => {
  await using upstream = await scriptedUpstream(echo);
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  // More than all buffers of the kernel hold, in parts, so that it shows when the last has been taken.
  const part = plain('/1').repeat(10_000);
  for (let parts = 0; parts < 120; parts++) client.send(part);
  await until('a thousand are answered', () => client.received.split('200 OK').length > 1_000);
  assert.ok(client.socket.writableLength > 0);
});

test('pipelined requests that are not in plain form begin one after the other', async () => {
  let underWay = 0;
  let most = 0;
  await using upstream = await scriptedUpstream((connection) => {
    connection.socket.on('data', () => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        connection.send(ok('/1'));
      }, 2);
    });
  });
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send('GET http://a/1 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(200));
  await until('all are answered', () => bodies(client.received).length === 200);
  assert.equal(most, 1);
});

test('a client that leaves is noticed also with requests waiting behind the one under way', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(`${plain('/1', 'Content-Length: 4\r\n')}body`);
  const replica = await upstream.connection(0);
  await replica.sees('body');
  client.send(plain('/2'));
  client.socket.destroy();
  await replica.closed();
  await web.quiet();
});
