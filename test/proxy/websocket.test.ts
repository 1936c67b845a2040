// Upgrades: bytes pass only after the upstream's 101, both ways, and everything ends together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const upgrade = (path = '/ws', fields = '') =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`;

const switching =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

test('bytes pass both ways after 101, also those that came with it', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(`${upgrade('/ws?x=1')}early`);
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  assert.match(
    replica.received,
    /^GET \/ws\?x=1 HTTP\/1\.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n/,
  );
  assert.match(replica.received, /Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==/);
  assert.match(replica.received, /X-Forwarded-Proto: ws\r\n/);
  assert.doesNotMatch(replica.received, /early/, 'nothing passes before the upstream has agreed');
  replica.send(`${switching}first`);
  await client.sees(
    /^HTTP\/1\.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n[\s\S]*Sec-WebSocket-Accept: s3pP[\s\S]*\r\n\r\nfirst$/,
  );
  await replica.sees('early');
  client.send('ping\0\xff');
  await replica.sees('ping\0\xff');
  replica.send('pong');
  await client.sees('firstpong');
  await until('it is under way', () => web.load('s', 's-0')?.inFlight === 1);
});

test('the end of either side ends the other', async () => {
  for (const who of ['client', 'upstream'] as const) {
    for (const how of ['end', 'destroy', 'resetAndDestroy'] as const) {
      await using upstream = await scriptedUpstream();
      await using web = await gatewayTo(upstream.url).start();
      using client = await rawClient(web.port);
      client.send(upgrade());
      const replica = await upstream.connection(0);
      await replica.sees('\r\n\r\n');
      replica.send(switching);
      await client.sees('101');
      if (who === 'client') {
        client.socket[how]();
        await replica.closed();
      } else {
        replica.socket[how]();
        await client.ended();
      }
      await web.quiet();
    }
  }
});

test('a refusal of the upgrade is an ordinary answer, and nothing more passes', async () => {
  await using upstream = await scriptedUpstream(answering(ok('not today')));
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(`${upgrade()}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
  const received = await client.ended();
  assert.match(received, /^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close[\s\S]*not today$/);
  assert.doesNotMatch(upstream.received, /smuggled/);
});

test('middlewares judge an upgrade and change its heads', async () => {
  await using upstream = await scriptedUpstream((connection) => {
    connection.socket.once('data', () => connection.send(switching));
  });
  await using web = await gateway()
    .service('s', [upstream.url])
    .middleware('strip', { kind: 'stripPrefix', options: { prefixes: ['/api'] } })
    .middleware('fields', {
      kind: 'headers',
      options: { customRequestHeaders: { 'X-In': '1' }, customResponseHeaders: { 'X-Out': '2' } },
    })
    .middleware('auth', { kind: 'basicAuth', options: { users: ['u:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='] } })
    .router('open', { rule: 'PathPrefix(`/api`)', middlewares: ['strip', 'fields'] })
    .router('closed', { rule: 'PathPrefix(`/closed`)', middlewares: ['auth'] })
    .start();
  using client = await rawClient(web.port);
  client.send(upgrade('/api/ws'));
  await client.sees(/^HTTP\/1\.1 101 [\s\S]*X-Out: 2[\s\S]*\r\n\r\n/);
  assert.match(upstream.received, /^GET \/ws HTTP[\s\S]*X-In: 1/);
  using stranger = await rawClient(web.port);
  stranger.send(upgrade('/closed'));
  assert.match(await stranger.ended(), /^HTTP\/1\.1 401 Unauthorized\r\n[\s\S]*WWW-Authenticate: Basic/);
  using nobody = await rawClient(web.port);
  nobody.send(upgrade('/other'));
  assert.match(await nobody.ended(), /^HTTP\/1\.1 404 /);
});

test('an upgrade with a body is an ordinary request', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(upgrade('/ws', 'Content-Length: 4\r\n').replace('\r\n\r\n', '\r\n\r\nbody'));
  await client.sees('200 OK');
  assert.doesNotMatch(upstream.received, /upgrade: websocket/i);
});

test('a client that leaves before the 101 ends the upstream request', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).start();
  for (const [at, how] of (['end', 'destroy', 'resetAndDestroy'] as const).entries()) {
    using client = await rawClient(web.port);
    client.send(`${upgrade()}early`);
    const replica = await upstream.connection(at);
    await replica.sees('\r\n\r\n');
    client.socket[how]();
    await replica.closed();
  }
});

test('a 101 to a protocol that nobody asked for is no tunnel', async () => {
  await using upstream = await scriptedUpstream((connection) => {
    const other = switching.replace('websocket', 'h2c');
    connection.socket.once('data', () => connection.send(`${other}bytes of a stranger`));
  });
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(upgrade());
  await client.sees('502 Bad Gateway');
  assert.doesNotMatch(client.received, / 101 Switching|bytes of a stranger/);
});

test('a refused upgrade is tried on another replica', async () => {
  await using upstream = await scriptedUpstream((connection) => {
    connection.socket.once('data', () => connection.send(switching));
  });
  await using web = await gatewayTo('http://127.0.0.1:1', upstream.url).start();
  using client = await rawClient(web.port);
  client.send(upgrade());
  await client.sees('101');
});

test('a side that does not read stops the other', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(upgrade());
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send(switching);
  await client.sees('101');
  client.socket.pause();
  const block = 'x'.repeat(1024 * 1024);
  let written = 0;
  while (written < 100 && replica.socket.writableLength < 8 * block.length) {
    replica.send(block);
    written += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(written < 60, `stopped after ${written} MiB`);
});
