// TCP routers without TLS of the gateway's own: bytes both ways, from whoever speaks first, to the end of either side.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gateway, type TestGateway } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const tcp = (port: number): string => `tcp://127.0.0.1:${port}`;
const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

test('a server that speaks first is heard by a client that says nothing', async () => {
  await using db = await scriptedUpstream(({ send }) => send('220 ready\r\n'));
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r')
    .start();
  using client = await rawClient(web.port);
  await client.sees('220 ready\r\n');
  client.send('QUIT\r\n\x16\0\xff');
  await (await db.connection(0)).sees('QUIT\r\n\x16\0\xff');
});

test('either side may end first, and the other is heard to its end', async () => {
  for (const first of ['client', 'replica'] as const) {
    await using db = await scriptedUpstream();
    await using web = await gateway()
      .tcpService('t', [tcp(db.port)])
      .tcpRouter('r')
      .start();
    using client = await rawClient(web.port);
    client.socket.allowHalfOpen = true;
    const replica = await db.connection(0);
    replica.socket.allowHalfOpen = true;
    const [one, other] = first === 'client' ? [client, replica] : [replica, client];
    one.socket.end('last words');
    await other.sees('last words');
    await until('the end has come', () => other.socket.readableEnded);
    other.send('answer to them');
    await one.sees('answer to them');
    await until('it is under way', () => web.load('t (tcp)', 't-0')?.inFlight === 1);
    other.socket.end();
    await web.quiet();
  }
});

test('a reset of either side ends the other', async () => {
  await using db = await scriptedUpstream();
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r')
    .start();
  using client = await rawClient(web.port);
  client.send('x');
  const replica = await db.connection(0);
  await replica.sees('x');
  replica.socket.resetAndDestroy();
  await client.ended();
  using next = await rawClient(web.port);
  const second = await db.connection(1);
  next.socket.resetAndDestroy();
  await second.closed();
  await web.quiet();
});

test('a sender that is faster than its reader is held back for as long as it takes, and every byte comes', async () => {
  await using db = await scriptedUpstream();
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r')
    .entryPoint({ stallTimeoutMs: 20 })
    .start();
  using client = await rawClient(web.port);
  const replica = await db.connection(0);
  const size = 64 * 1024 * 1024;
  client.socket.pause();
  replica.socket.write(Buffer.alloc(size, 'x'));
  await unchanged(() => replica.socket.writableLength);
  // What the kernel holds on four sides is far less than was written; the rest waits at the replica.
  assert.ok(replica.socket.writableLength > size / 4);
  let seen = 0;
  client.socket.on('data', (text: string) => {
    seen += text.length;
  });
  client.socket.resume();
  await until('all of it has come', () => seen === size);
});

test('connections go round, and each is one in flight until it ends', async () => {
  await using one = await scriptedUpstream(({ send }) => send('one'));
  await using two = await scriptedUpstream(({ send }) => send('two'));
  await using web = await gateway()
    .tcpService('t', [tcp(one.port), tcp(two.port)])
    .tcpRouter('r')
    .start();
  const seen: string[] = [];
  const clients = [];
  for (let at = 0; at < 4; at++) {
    const client = await rawClient(web.port);
    clients.push(client);
    await client.sees(/one|two/);
    seen.push(client.received);
  }
  assert.deepEqual(seen, ['one', 'two', 'one', 'two']);
  await until('two are under way on each', () =>
    ['t-0', 't-1'].every((id) => web.load('t (tcp)', id)?.inFlight === 2),
  );
  for (const client of clients) client.socket.destroy();
  await web.quiet();
});

test('a replica that refuses costs nobody a connection; when all do, the client is closed', async () => {
  const gone = await scriptedUpstream();
  await gone.close();
  await using there = await scriptedUpstream(({ send }) => send('here'));
  await using web = await gateway()
    .tcpService('t', [tcp(gone.port), tcp(there.port)])
    .tcpRouter('r')
    .start();
  for (let at = 0; at < 3; at++) {
    using client = await rawClient(web.port);
    await client.sees('here');
  }
  web.apply(
    gateway()
      .tcpService('t', [tcp(gone.port)])
      .tcpRouter('r'),
  );
  using client = await rawClient(web.port);
  assert.equal(await client.ended(), '');
  await web.quiet();
  assert.ok((web.load('t (tcp)', 't-0')?.failures ?? 0) >= 1);
});

test('only ready replicas get connections; without any the client is closed', async () => {
  await using db = await scriptedUpstream(({ send }) => send('ready'));
  await using other = await scriptedUpstream(({ send }) => send('starting'));
  const starting = { url: tcp(other.port), state: 'starting' as const };
  await using web = await gateway()
    .tcpService('t', [starting, tcp(db.port)])
    .tcpRouter('r')
    .start();
  for (let at = 0; at < 3; at++) {
    using client = await rawClient(web.port);
    await client.sees('ready');
  }
  web.apply(gateway().tcpService('t', [starting]).tcpRouter('r'));
  using client = await rawClient(web.port);
  assert.equal(await client.ended(), '');
  assert.equal(other.connections.length, 0);
});

test('a reload keeps open connections, also when their router is gone', async () => {
  await using db = await scriptedUpstream();
  await using next = await scriptedUpstream(({ send }) => send('next'));
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r')
    .start();
  using client = await rawClient(web.port);
  const replica = await db.connection(0);
  web.apply(
    gateway()
      .tcpService('u', [tcp(next.port)])
      .tcpRouter('q'),
  );
  using newcomer = await rawClient(web.port);
  await newcomer.sees('next');
  client.send('still here');
  await replica.sees('still here');
  replica.send('and so am I');
  await client.sees('and so am I');
});

test('at the end of the gateway open connections go on, and are cut when the grace is over', async () => {
  for (const grace of ['long', 'short'] as const) {
    await using db = await scriptedUpstream();
    await using web = await gateway()
      .tcpService('t', [tcp(db.port)])
      .tcpRouter('r')
      .entryPoint({ graceTimeoutMs: grace === 'long' ? 60_000 : 50 })
      .start();
    using client = await rawClient(web.port);
    const replica = await db.connection(0);
    client.send('1');
    await replica.sees('1');
    const drained = web.plane.drain();
    if (grace === 'long') {
      client.send('2');
      await replica.sees('12');
      client.socket.destroy();
    }
    await drained;
    await client.ended();
    await replica.closed();
  }
});

test('a router by address of the client; what it does not take is HTTP', async () => {
  await using db = await scriptedUpstream(({ send }) => send('tcp'));
  await using app = await scriptedUpstream(answering(ok('http')));
  const both = (range: string) =>
    gateway()
      .service('s', [app.url])
      .router('h')
      .tcpService('t', [tcp(db.port)])
      .tcpRouter('r', { rule: `ClientIP(\`${range}\`)` });
  await using web = await both('127.0.0.0/8').start();
  using client = await rawClient(web.port);
  await client.sees('tcp');
  web.apply(both('192.0.2.0/24'));
  assert.equal((await rawRequest(web.port, get)).rest, 'http');
});

test('a connection of a TCP router stands in the access log and among the open ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-tcp-'));
  const filePath = join(folder, 'access.log');
  try {
    await using db = await scriptedUpstream(({ send }) => send('12345'));
    await using web = await gateway()
      .tcpService('t', [tcp(db.port)])
      .tcpRouter('r')
      .accessLog({ filePath })
      .start();
    using client = await rawClient(web.port);
    client.send('123');
    await client.sees('12345');
    assert.equal(await openConnections(web, 'tcp'), 1);
    assert.equal(await openConnections(web, 'http'), 0);
    const replica = await db.connection(0);
    await replica.sees('123');
    client.socket.end();
    replica.socket.end();
    await until('it is counted out', async () => (await openConnections(web, 'tcp')) === 0);
    await web.close();
    const line = JSON.parse(readFileSync(filePath, 'utf8')) as Record<string, unknown>;
    const { time: _, StartUTC, Duration, ClientAddr, ...rest } = line;
    assert.match(String(StartUTC), /^\d{4}-/);
    assert.ok(Number(Duration) > 0);
    assert.match(String(ClientAddr), /^127\.0\.0\.1:\d+$/);
    assert.deepEqual(rest, {
      level: 'info',
      ClientHost: '127.0.0.1',
      RequestProtocol: 'TCP',
      RequestScheme: 'tcp',
      RequestContentSize: 3,
      DownstreamContentSize: 5,
      entryPointName: 'web',
      RouterName: 'r',
      ServiceName: 't',
      ServiceURL: tcp(db.port),
      Replica: 't-0',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

type Family = {
  readonly name: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
};

async function openConnections({ plane }: TestGateway, protocol: string): Promise<number | undefined> {
  const families = (await plane.collectMetrics()) as readonly Family[];
  const open = families.find(({ name }) => name === 'traefik_open_connections');
  return open?.values.find(({ labels }) => labels['protocol'] === protocol)?.value;
}

/** Waits until a number has been the same for a while. */
async function unchanged(number: () => number): Promise<void> {
  let last = -1;
  let times = 0;
  await until('it stays the same', () => {
    times = number() === last ? times + 1 : 0;
    last = number();
    return times >= 20;
  });
}

test('a relay outlives the process that took the ports over, and not the end of the gateway', async () => {
  await using db = await scriptedUpstream(({ send }) => send('hello'));
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r')
    .entryPoint({ graceTimeoutMs: 20 })
    .start();
  using client = await rawClient(web.port);
  await client.sees('hello');
  const handedOver = web.plane.drain('handed-over');
  // Well behind the grace period: it is an expired timer that must not have cut anything.
  await delay(200);
  (await db.connection(0)).send('still here');
  await client.sees('still here');
  const ended = web.plane.drain('end');
  await client.ended();
  await Promise.all([handedOver, ended]);
});
