// The PROXY protocol: what servers are told of clients, and whom the gateway believes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GatewayDraft, gateway, gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const tcp = (port: number): string => `tcp://127.0.0.1:${port}`;
const header = 'PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n';
const believing = (draft: GatewayDraft) =>
  draft.entryPoint({ proxyProtocol: { insecure: false, trustedIPs: ['127.0.0.0/8'] } });
const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

test('a server is told of the client before anything else, in either version', async () => {
  await using db = await scriptedUpstream(({ send }) => send('ready'));
  for (const proxyProtocol of [1, 2] as const) {
    await using web = await gateway()
      .tcpService('t', [tcp(db.port)], { proxyProtocol })
      .tcpRouter('r')
      .start();
    using client = await rawClient(web.port);
    client.send('hello');
    await client.sees('ready');
    const replica = await db.connection(proxyProtocol - 1);
    await replica.sees(/hello$/);
    const { localPort: port = 0 } = client.socket;
    const hex = (number: number) => number.toString(16).padStart(4, '0');
    if (proxyProtocol === 1) {
      assert.equal(replica.received, `PROXY TCP4 127.0.0.1 127.0.0.1 ${port} ${web.port}\r\nhello`);
    } else {
      const bytes = Buffer.from(replica.received, 'latin1').toString('hex');
      const head = `0d0a0d0a000d0a515549540a2111000c7f0000017f000001${hex(port)}${hex(web.port)}`;
      assert.equal(bytes, head + Buffer.from('hello').toString('hex'));
    }
  }
});

test('a client that a trusted proxy names counts as the client, for servers behind the next header too', async () => {
  await using db = await scriptedUpstream();
  await using web = await believing(
    gateway()
      .tcpService('t', [tcp(db.port)], { proxyProtocol: 1 })
      .tcpRouter('r'),
  ).start();
  using client = await rawClient(web.port);
  client.send(`${header}hello`);
  const replica = await db.connection(0);
  await replica.sees('hello');
  assert.equal(replica.received, `${header}hello`);
});

test('requests come from the client that the header names, however it is cut', async () => {
  await using upstream = await scriptedUpstream(answering(ok('yes')));
  await using web = await believing(gatewayTo(upstream.url)).start();
  for (const cut of [1, header.length, header.length + 5]) {
    using client = await rawClient(web.port);
    client.socket.setNoDelay(true);
    const all = header + get;
    client.send(all.slice(0, cut));
    await until('it is sent', () => client.socket.writableLength === 0);
    client.send(all.slice(cut));
    assert.match(await client.ended(), /^HTTP\/1\.1 200/);
  }
  const told = upstream.received.match(/x-forwarded-for: .*/gi) ?? [];
  assert.deepEqual(
    told.map((line) => line.trim().toLowerCase()),
    Array(3).fill('x-forwarded-for: 192.0.2.1'),
  );
});

test('a connection without a header is served as it is', async () => {
  await using upstream = await scriptedUpstream(answering(ok('yes')));
  await using web = await believing(gatewayTo(upstream.url)).start();
  using client = await rawClient(web.port);
  client.send(get);
  assert.match(await client.ended(), /^HTTP\/1\.1 200/);
  assert.match(upstream.received, /x-forwarded-for: 127\.0\.0\.1\r\n/i);
});

test('the header of a stranger is taken off and not believed', async () => {
  await using upstream = await scriptedUpstream(answering(ok('yes')));
  await using web = await gatewayTo(upstream.url)
    .entryPoint({ proxyProtocol: { insecure: false, trustedIPs: ['192.0.2.0/24'] } })
    .start();
  using client = await rawClient(web.port);
  client.send(header + get);
  assert.match(await client.ended(), /^HTTP\/1\.1 200/);
  assert.match(upstream.received, /x-forwarded-for: 127\.0\.0\.1\r\n/i);
});

test('without the option a header is no request', async () => {
  await using upstream = await scriptedUpstream(answering(ok('yes')));
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(header + get);
  assert.match(await client.ended(), /^HTTP\/1\.1 400/);
});

test('a broken header, and a client that never ends one, are cut', async () => {
  await using upstream = await scriptedUpstream(answering(ok('yes')));
  await using web = await believing(gatewayTo(upstream.url)).entryPoint({ readTimeoutMs: 100 }).start();
  for (const bytes of ['PROXY TCP4 nobody 198.51.100.7 1 2\r\n', 'PROXY TCP4 192.0.2.1 ', '']) {
    using client = await rawClient(web.port);
    if (bytes !== '') client.send(bytes);
    assert.equal(await client.ended(), '');
  }
  assert.equal(upstream.connections.length, 0);
});

test('an end is final where the service says for how long the other side may go on', async () => {
  await using db = await scriptedUpstream();
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)], { terminationDelayMs: 50 })
    .tcpRouter('r')
    .start();
  using client = await rawClient(web.port);
  const replica = await db.connection(0);
  // It would go on for ever.
  replica.socket.allowHalfOpen = true;
  await until('it is under way', () => web.load('t (tcp)', 't-0')?.inFlight === 1);
  client.socket.end('last words');
  await replica.sees('last words');
  await web.quiet();
});

test('a server that speaks TLS is told before the handshake', async () => {
  await using db = await scriptedUpstream();
  await using web = await believing(
    gateway()
      .tcpService('t', [`tls://127.0.0.1:${db.port}`], { proxyProtocol: 1 })
      .tcpRouter('r'),
  ).start();
  using client = await rawClient(web.port);
  client.send(`${header}hello`);
  const replica = await db.connection(0);
  // A handshake record of TLS.
  await replica.sees(`${header}\x16\x03`);
});
