// Containers on a real Engine that speak UDP, reached by their labels; and what becomes of sessions and of TCP connections when
// another process takes over.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import type { UdpRouterView, UdpServiceView } from '../../src/model/view.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { clientOn } from '../support/raw-client.ts';
import { asks, udpPeer } from '../support/udp-peer.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
let gateway: GatewayProcess;

before(async () => {
  engine = await openEngine();
  gateway = await startGateway([
    '--workers=2',
    '--entrypoints.echo.address=127.0.0.1:0',
    '--entrypoints.udp.address=127.0.0.1:0/udp',
    '--entrypoints.udp.udp.timeout=60',
    '--entrypoints.udp.transport.lifecycle.gracetimeout=2',
    ...engine.flags,
  ]);
});
after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** Answers datagrams by its host name and what came, `again` twice with a pause; echoes on TCP. */
const server = `
const name = require('os').hostname();
const socket = require('dgram').createSocket('udp4');
socket.on('message', (bytes, from) => {
  const say = () => socket.send(name + ' ' + bytes, from.port, from.address);
  say();
  if (String(bytes) === 'again') setInterval(say, 50).unref();
}).bind(5353);
require('net').createServer((client) => client.on('error', () => {}).pipe(client)).listen(7);
process.on('SIGTERM', () => process.exit());
`;

const labels = {
  'traefik.enable': 'true',
  'traefik.udp.routers.names.entrypoints': 'udp',
  'traefik.udp.services.names.loadbalancer.server.port': '5353',
  'traefik.tcp.routers.echo.rule': 'HostSNI(`*`)',
  'traefik.tcp.routers.echo.entrypoints': 'echo',
  'traefik.tcp.services.echo.loadbalancer.server.port': '7',
};

test('datagrams reach a container by its labels, sessions go round, and an upgrade ends neither them nor relays', async () => {
  const containers = await Promise.all(
    [1, 2].map(() => engine.start({ command: ['node', '-e', server], labels })),
  );
  const names = containers.map(({ id }) => id.slice(0, 12));
  const port = gateway.port('udp');
  const service = () => gateway.api<UdpServiceView>('/api/udp/services/names@docker');
  await until(
    'both are ready',
    async () => (await service()).replicas.filter(({ ready }) => ready).length === 2,
  );
  const seen = new Set<string>();
  // One whose server does not listen yet refuses, and is passed over for a moment.
  await until('each has answered somebody', async () => {
    await using client = await udpPeer();
    seen.add((await asks(client, 'hello', port, / hello$/)).slice(0, 12));
    return seen.size === names.length;
  });
  assert.deepEqual([...seen].sort(), names.toSorted());
  const router = await gateway.api<UdpRouterView>('/api/udp/routers/names@docker');
  assert.deepEqual([router.status, router.using], ['enabled', ['udp']]);

  await using listener = await udpPeer();
  const first = (await asks(listener, 'again', port, / again$/)).slice(0, 12);
  using relay = clientOn(connect(gateway.port('echo'), '127.0.0.1'));
  relay.send('before\n');
  await relay.sees('before\n');
  const serving = () => gateway.log.filter(({ message }) => message === 'Listening.').length;
  const before = serving();
  gateway.child.kill('SIGHUP');
  await until('another process serves', () => serving() >= before + 4);
  const heard = listener.received.length;
  await until('the session is still answered', () => listener.received.length > heard + 2);
  assert.ok(listener.received.every(({ text }) => text.startsWith(first)));
  relay.send('after\n');
  await relay.sees('after\n');
  // Whoever asks now is served by the successor, on the same port.
  await using late = await udpPeer();
  await asks(late, 'late', port, / late$/);
  await until('its session is in flight there', async () =>
    (await service()).replicas.some(({ inFlight }) => inFlight > 0),
  );
});
