// UDP routers: datagrams of one client go to one replica and its answers come back, for as long as either says something.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gateway } from '../support/gateway.ts';
import { asks, udpPeer } from '../support/udp-peer.ts';
import { until } from '../support/until.ts';

const udp = (port: number): string => `udp://127.0.0.1:${port}`;
const namedPeer = (name: string) => udpPeer((text) => `${name} ${text}`);

test('a client keeps its replica, and sessions go round', async () => {
  await using one = await namedPeer('one');
  await using two = await namedPeer('two');
  await using web = await gateway()
    .udpService('u', [udp(one.port), udp(two.port)])
    .udpRouter('r')
    .start();
  const names: string[] = [];
  for (let at = 0; at < 4; at++) {
    await using client = await udpPeer();
    const first = await asks(client, 'a', web.udpPort, /^(one|two) a$/);
    const name = first.slice(0, 3);
    names.push(name);
    await asks(client, 'b', web.udpPort, `${name} b`);
    await asks(client, 'c', web.udpPort, `${name} c`);
    assert.equal(client.received[0]?.from.port, web.udpPort);
  }
  assert.deepEqual(names, ['one', 'two', 'one', 'two']);
  await until('all are in flight', () => web.load('u (udp)', 'u-0')?.inFlight === 2);
});

test('a server may go on answering, and each client hears its own answers only', async () => {
  await using server = await udpPeer();
  await using web = await gateway()
    .udpService('u', [udp(server.port)])
    .udpRouter('r')
    .start();
  await using first = await udpPeer();
  await using second = await udpPeer();
  await using stranger = await udpPeer();
  first.send('first', web.udpPort);
  second.send('second', web.udpPort);
  await server.sees('first');
  await server.sees('second');
  for (const { text, from } of server.received) {
    // Nobody but the replica is heard on the port that the gateway has opened towards it.
    stranger.send('forged', from.port);
    for (let at = 0; at < 3; at++) server.send(`${text} ${at}`, from.port);
  }
  for (const [client, name] of [
    [first, 'first'],
    [second, 'second'],
  ] as const) {
    for (let at = 0; at < 3; at++) await client.sees(`${name} ${at}`);
    assert.deepEqual(
      client.received.map(({ text }) => text).sort(),
      [0, 1, 2].map((at) => `${name} ${at}`),
    );
  }
});

test('a session ends when both sides are silent for the timeout, and is in the access log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-'));
  const filePath = join(folder, 'access.log');
  try {
    await using server = await namedPeer('x');
    await using web = await gateway()
      .udpService('u', [udp(server.port)])
      .udpRouter('r')
      .udpEntryPoint({ timeoutMs: 100 })
      .accessLog({ filePath })
      .start();
    await using client = await udpPeer();
    await asks(client, 'a', web.udpPort, 'x a');
    const before = server.received.at(-1)?.from.port;
    await until('it has ended', () => web.load('u (udp)', 'u-0')?.inFlight === 0);
    await asks(client, 'b', web.udpPort, 'x b');
    assert.notEqual(server.received.at(-1)?.from.port, before);
    await web.close();
    const [line] = readFileSync(filePath, 'utf8').split('\n');
    const { RequestProtocol, RouterName, ServiceName, Replica, RequestContentSize } = JSON.parse(line ?? '');
    assert.deepEqual([RequestProtocol, RouterName, ServiceName, Replica], ['UDP', 'r', 'u', 'u-0']);
    assert.ok(RequestContentSize >= 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a replica where nobody listens costs no datagram: another one gets it', async () => {
  const gone = await udpPeer();
  await gone.close();
  await using there = await namedPeer('here');
  await using web = await gateway()
    .udpService('u', [udp(gone.port), udp(there.port)])
    .udpRouter('r')
    .start();
  for (let at = 0; at < 3; at++) {
    await using client = await udpPeer();
    await asks(client, 'a', web.udpPort, 'here a');
  }
  await until('the refusal has been counted', () => (web.load('u (udp)', 'u-0')?.failures ?? 0) >= 1);
});

test('a replica that dies in the middle of a session is left for another one', async () => {
  const dying = await namedPeer('dying');
  await using there = await namedPeer('here');
  await using web = await gateway()
    .udpService('u', [udp(dying.port), udp(there.port)])
    .udpRouter('r')
    .start();
  await using client = await udpPeer();
  await asks(client, 'a', web.udpPort, 'dying a');
  await dying.close();
  await asks(client, 'b', web.udpPort, 'here b');
});

test('a replica that is taken away is left even when nothing tells of it', async () => {
  await using silent = await udpPeer();
  await using there = await namedPeer('here');
  await using web = await gateway()
    .udpService('u', [udp(silent.port)])
    .udpRouter('r')
    .start();
  await using client = await udpPeer();
  client.send('a', web.udpPort);
  await silent.sees('a');
  web.apply(
    gateway()
      .udpService('u', [{ url: udp(there.port), id: 'other' }])
      .udpRouter('r'),
  );
  await asks(client, 'b', web.udpPort, 'here b');
  assert.deepEqual(
    silent.received.map(({ text }) => text),
    ['a'],
  );
});

test('without a router or a ready replica a datagram begins no session, and gets no answer', async () => {
  await using server = await namedPeer('x');
  await using web = await gateway()
    .udpService('u', [{ url: udp(server.port), state: 'starting' }])
    .udpRouter('r')
    .start();
  await using client = await udpPeer();
  client.send('lost', web.udpPort);
  // Long enough for the event loop, which gateway and test share, to have come round.
  await delay(50);
  assert.equal(web.load('u (udp)', 'u-0'), undefined);
  web.apply(
    gateway()
      .udpService('u', [udp(server.port)])
      .udpRouter('r'),
  );
  await asks(client, 'b', web.udpPort, 'x b');
  assert.ok(server.received.every(({ text }) => text === 'b'));
});

test('a flood of new clients takes no place of one who has been answered and has spoken again', async () => {
  await using server = await namedPeer('x');
  await using web = await gateway()
    .udpService('u', [udp(server.port)])
    .udpRouter('r')
    .udpEntryPoint({ maxSessions: 4 })
    .start();
  await using friend = await udpPeer();
  await asks(friend, 'a', web.udpPort, 'x a');
  await asks(friend, 'b', web.udpPort, 'x b');
  const own = server.received.at(-1)?.from.port;
  for (let at = 0; at < 20; at++) {
    await using stranger = await udpPeer();
    await asks(stranger, 's', web.udpPort, 'x s');
  }
  await until('no more than allowed are open', () => web.load('u (udp)', 'u-0')?.inFlight === 4);
  await asks(friend, 'c', web.udpPort, 'x c');
  assert.equal(server.received.findLast(({ text }) => text === 'c')?.from.port, own);
});

test('when all places are taken by proven sessions a newcomer waits until one has ended', async () => {
  await using server = await namedPeer('x');
  await using web = await gateway()
    .udpService('u', [udp(server.port)])
    .udpRouter('r')
    .udpEntryPoint({ maxSessions: 1, timeoutMs: 200 })
    .start();
  await using friend = await udpPeer();
  await asks(friend, 'a', web.udpPort, 'x a');
  await asks(friend, 'b', web.udpPort, 'x b');
  await using newcomer = await udpPeer();
  await asks(newcomer, 'c', web.udpPort, 'x c');
});

test('when the gateway ends, sessions may finish for the grace period, and no new ones begin', async () => {
  await using server = await udpPeer();
  await using web = await gateway()
    .udpService('u', [udp(server.port)])
    .udpRouter('r')
    .udpEntryPoint({ timeoutMs: 60_000, graceTimeoutMs: 1_000 })
    .start();
  await using client = await udpPeer();
  client.send('a', web.udpPort);
  await server.sees('a');
  const end = web.close();
  server.send('late', server.received[0]?.from.port ?? 0);
  await client.sees('late');
  await end;
});

test('a process whose ports have been handed over reads nothing more, and its answers still go out', async () => {
  await using server = await udpPeer();
  await using web = await gateway()
    .udpService('u', [udp(server.port)])
    .udpRouter('r')
    .udpEntryPoint({ graceTimeoutMs: 1_000 })
    .start();
  await using client = await udpPeer();
  client.send('a', web.udpPort);
  await server.sees('a');
  const over = web.plane.drain('handed-over');
  client.send('not for it', web.udpPort);
  server.send('late', server.received[0]?.from.port ?? 0);
  await client.sees('late');
  await over;
  assert.deepEqual(
    server.received.map(({ text }) => text),
    ['a'],
  );
});
