// Containers on a real Engine that speak TCP: reached by their labels, without TLS, through it, and by their own certificate.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { Diagnostic, TcpRouterView, TcpServiceView } from '../../src/model/view.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { clientOn } from '../support/raw-client.ts';
import { newTls } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
let gateway: GatewayProcess;

before(async () => {
  engine = await openEngine();
  gateway = await startGateway([
    '--workers=2',
    '--entrypoints.mail.address=127.0.0.1:0',
    '--entrypoints.shared.address=127.0.0.1:0',
    ...engine.flags,
  ]);
});
after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** A server that greets with its host name and echoes; it speaks TLS where it is given a key. */
const server = `
const serve = (socket) => { socket.on('error', () => {}); socket.write('220 ' + require('os').hostname() + '\\n'); socket.pipe(socket); };
const { KEY, CERT } = process.env;
(KEY ? require('tls').createServer({ key: KEY, cert: CERT }, serve) : require('net').createServer({ allowHalfOpen: true }, serve)).listen(2525);
process.on('SIGTERM', () => process.exit());
`;
const speaking = { command: ['node', '-e', server] };

const plain = (port: number) => clientOn(connect(port, '127.0.0.1'));
const encrypted = (port: number, servername: string) =>
  clientOn(connectTls({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }));

/** How long one connection may be silent: one that came before its router waits for a request of HTTP. */
const silenceMs = 3_000;

/** A new connection that has been greeted, by this container if one is named; others are given up. */
async function greeted<Client extends ReturnType<typeof plain>>(
  open: () => Client,
  by: { readonly id: string } = { id: '' },
): Promise<Client> {
  return until(`a greeting by ${by.id}`, async () => {
    const client = open();
    const isDone = () => client.received.endsWith('\n') || client.isClosed;
    await until('a greeting or the end', isDone, silenceMs).catch(() => {});
    if (client.received.includes(`220 ${by.id.slice(0, 12)}`)) return client;
    client[Symbol.dispose]();
    return undefined;
  });
}

test('a server that speaks first is reached without TLS; connections go round, and outlive changes', async () => {
  const labels = {
    'traefik.enable': 'true',
    'traefik.tcp.routers.mail.rule': 'HostSNI(`*`)',
    'traefik.tcp.routers.mail.entrypoints': 'mail',
    'traefik.tcp.services.mail.loadbalancer.server.port': '2525',
  };
  const [one, two] = await Promise.all([
    engine.start({ ...speaking, labels }),
    engine.start({ ...speaking, labels }),
  ]);
  const port = gateway.port('mail');
  for (const by of [one, two]) (await greeted(() => plain(port), by))[Symbol.dispose]();
  using client = await greeted(() => plain(port));
  const isOfOne = client.received.includes(one.id.slice(0, 12));
  const [own, other] = isOfOne ? [one, two] : [two, one];
  const service = () => gateway.api<TcpServiceView>('/api/tcp/services/mail@docker');
  await until('it is one in flight', async () =>
    (await service()).replicas.some(({ container, inFlight }) => container?.id === own.id && inFlight === 1),
  );
  await other.remove({ force: true });
  await until('one server is left', async () => (await service()).replicas.length === 1);
  client.send('still here\n');
  await client.sees('still here\n');
  client.socket.end();
  assert.match(await client.ended(), /still here\n$/);
  (await greeted(() => plain(port), own))[Symbol.dispose]();
  const router = await gateway.api<TcpRouterView>('/api/tcp/routers/mail@docker');
  assert.deepEqual([router.status, router.priorityStr, router.using], ['enabled', '-1', ['mail']]);
  // No HTTP router has been made for it.
  assert.equal((await gateway.get('/')).status, 404);
});

test('servers share a port by the names that clients ask for: with their own certificate, or with the gateway’s', async () => {
  const { certificate, privateKey } = newTls().defaultCertificate;
  const shared = (name: string, tls: string) => ({
    'traefik.enable': 'true',
    [`traefik.tcp.routers.${name}.rule`]: `HostSNI(\`${name}.test\`)`,
    [`traefik.tcp.routers.${name}.entrypoints`]: 'shared',
    [`traefik.tcp.routers.${name}.${tls}`]: 'true',
    [`traefik.tcp.services.${name}.loadbalancer.server.port`]: '2525',
  });
  const env = { KEY: privateKey, CERT: certificate };
  const [own, open] = await Promise.all([
    engine.start({ ...speaking, env, labels: shared('own', 'tls.passthrough') }),
    engine.start({ ...speaking, labels: shared('open', 'tls') }),
  ]);
  const port = gateway.port('shared');
  for (const [name, container, isOwn] of [
    ['own', own, true],
    ['open', open, false],
  ] as const) {
    using client = await greeted(() => encrypted(port, `${name}.test`), container);
    const shown = client.socket.getPeerCertificate().fingerprint256;
    assert.equal(shown === new X509Certificate(certificate).fingerprint256, isOwn, name);
  }
});

const limited = {
  'traefik.enable': 'true',
  'traefik.tcp.routers.limited.rule': 'HostSNI(`limited.test`)',
  'traefik.tcp.routers.limited.entrypoints': 'shared',
  'traefik.tcp.routers.limited.tls': 'true',
  'traefik.tcp.middlewares.few.inflightconn.amount': '1',
  'traefik.tcp.middlewares.local.ipallowlist.sourcerange': '127.0.0.1',
  'traefik.tcp.services.limited.loadbalancer.server.port': '2525',
};

test('a client may have as many connections as a middleware allows', async () => {
  const labels = { ...limited, 'traefik.tcp.routers.limited.middlewares': 'local,few' };
  const container = await engine.start({ ...speaking, labels });
  const open = () => encrypted(gateway.port('shared'), 'limited.test');
  using only = await greeted(open, container);
  using refused = open();
  assert.equal(await refused.ended(), '');
  only.socket.destroy();
  (await greeted(open, container))[Symbol.dispose]();
  await container.remove({ force: true });
});

test('what cannot be served is told of, and stops nothing else', async () => {
  await engine.start({
    ...speaking,
    labels: { ...limited, 'traefik.tcp.routers.limited.middlewares': 'locale' },
  });
  const found = await until('the diagnostic', async () => {
    const all = await gateway.api<readonly Diagnostic[]>('/api/diagnostics');
    return all.find(({ object, severity }) => severity === 'error' && object.name === 'limited@docker (tcp)');
  });
  assert.equal(found.label, 'traefik.tcp.routers.limited.middlewares=locale');
  const { status } = await gateway.api<TcpRouterView>('/api/tcp/routers/limited@docker');
  assert.equal(status, 'disabled');
});
