// TLS on entry points: who may speak it, what is agreed, and that everything which works on plain connections works on
// encrypted ones, in both lanes.
import assert from 'node:assert/strict';
import { connect as connectPlain } from 'node:net';
import { test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Lanes } from '../../src/model/startup.ts';
import { type GatewayDraft, gateway, gatewayTo } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { newTls } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

const lanes: readonly Lanes[] = ['all', 'fastify'];

/** One router for plain connections and one for encrypted ones. */
const both = (plain: string, encrypted: string): GatewayDraft =>
  gateway()
    .service('plain', [plain])
    .service('encrypted', [encrypted])
    .router('p', { service: 'plain' })
    .router('t', { service: 'encrypted', tls: {} });

type TestClient = TLSSocket & { text: string; session?: Buffer };

async function tlsClient(port: number, options: ConnectionOptions = {}): Promise<TestClient> {
  const socket = Object.assign(
    connect({ port, host: '127.0.0.1', servername: 'a.test', rejectUnauthorized: false, ...options }),
    { text: '' },
  ) as TestClient;
  socket.on('data', (chunk: Buffer) => {
    socket.text += chunk.toString('latin1');
  });
  socket.on('session', (ticket: Buffer) => {
    socket.session = ticket;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject);
  });
  socket.on('error', () => {});
  return socket;
}

/** The code with which a handshake fails. */
async function refusal(port: number, options: ConnectionOptions): Promise<string> {
  try {
    (await tlsClient(port, options)).destroy();
    return 'accepted';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

const get = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';

for (const which of lanes) {
  test(`${which}: a router with tls answers encrypted connections only, one without only plain ones`, async () => {
    await using plain = await scriptedUpstream(answering(ok('plain')));
    await using encrypted = await scriptedUpstream(answering(ok('encrypted')));
    await using web = await both(plain.url, encrypted.url).lanes(which).start();
    assert.match((await rawRequest(web.port, get)).rest, /plain/);
    const client = await tlsClient(web.port);
    client.write(get);
    await until('it is answered', () => client.text.includes('encrypted'));
    assert.match((await encrypted.connection(0)).received, /X-Forwarded-Proto: https\r\n/);
    assert.match((await encrypted.connection(0)).received, /X-Forwarded-Port: 443\r\n/);
    client.destroy();
  });

  test(`${which}: bodies both ways, keep-alive and a GET with a body over TLS`, async () => {
    await using upstream = await scriptedUpstream(answering(ok('x'.repeat(100_000))));
    await using web = await gateway()
      .service('s', [upstream.url])
      .router('r', { tls: {} })
      .lanes(which)
      .start();
    const client = await tlsClient(web.port);
    client.write('GET /one HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello');
    await until('the first answer is there', () => client.text.length > 100_000);
    client.text = '';
    client.write('POST /two HTTP/1.1\r\nHost: a.test\r\nContent-Length: 50000\r\nConnection: close\r\n\r\n');
    client.write('y'.repeat(50_000));
    await until('the second answer is there', () => client.text.length > 100_000);
    assert.match((await upstream.connection(0)).received, /hello/);
    await until('the connection is closed as asked', () => client.closed || client.readableEnded);
    client.destroy();
  });

  test(`${which}: WebSocket over TLS`, async () => {
    await using upstream = await scriptedUpstream();
    await using web = await gateway()
      .service('s', [upstream.url])
      .router('r', { tls: {} })
      .lanes(which)
      .start();
    const client = await tlsClient(web.port);
    client.write(
      'GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    const replica = await upstream.connection(0);
    await replica.sees('\r\n\r\n');
    assert.match(replica.received, /X-Forwarded-Proto: wss\r\n/);
    replica.send(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nfirst',
    );
    await until('the tunnel stands', () => client.text.endsWith('first'));
    client.write('ping\0');
    await replica.sees('ping\0');
    client.end();
    await replica.closed();
    client.destroy();
  });
}

test('an entry point with tls encrypts routers that have none of their own', async () => {
  await using upstream = await scriptedUpstream(answering(ok('here')));
  await using web = await gatewayTo(upstream.url).entryPoint({ tls: true }).start();
  assert.equal((await rawRequest(web.port, get)).status, 404);
  const client = await tlsClient(web.port);
  client.write(get);
  await until('it is answered', () => client.text.includes('here'));
  client.destroy();
});

test('an encrypted request that no router takes gets 404, over TLS', async () => {
  await using upstream = await scriptedUpstream(answering(ok('plain')));
  await using web = await gatewayTo(upstream.url).start();
  const client = await tlsClient(web.port);
  client.write(get);
  await until('it is answered', () => client.text.startsWith('HTTP/1.1 404'));
  client.destroy();
});

test('the certificate is the gateway’s own, and none is asked of clients', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').start();
  const client = await tlsClient(web.port);
  const certificate = client.getPeerCertificate();
  assert.equal(certificate.subject.CN, 'BERTH DEFAULT CERT');
  assert.equal(certificate.asn1Curve, 'prime256v1');
  assert.match(certificate.subjectaltname ?? '', /^DNS:[0-9a-f]{32}\.berth\.default$/);
  assert.ok(Date.parse(certificate.valid_from) < Date.now() && Date.now() < Date.parse(certificate.valid_to));
  client.destroy();
});

test('versions 1.2 and 1.3 with authenticated ciphers and forward secrecy, and nothing else', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').start();
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const client = await tlsClient(web.port, { minVersion: version, maxVersion: version });
    assert.equal(client.getProtocol(), version);
    assert.match(client.getCipher().standardName, /_AES_128_GCM_SHA256$/, 'the gateway’s order counts');
    client.destroy();
  }
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  assert.equal(await refusal(web.port, old), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-SHA384']) {
    const code = await refusal(web.port, { maxVersion: 'TLSv1.2', ciphers });
    assert.match(code, /HANDSHAKE_FAILURE/, ciphers);
  }
});

test('keys are agreed on X25519, P-256 or P-384, or on the hybrid with ML-KEM', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').start();
  for (const ecdhCurve of ['X25519MLKEM768', 'X25519', 'P-256', 'P-384']) {
    (await tlsClient(web.port, { ecdhCurve })).destroy();
  }
  for (const ecdhCurve of ['X448', 'P-521']) {
    assert.match(await refusal(web.port, { ecdhCurve }), /HANDSHAKE_FAILURE/, ecdhCurve);
  }
});

test('a client that speaks another protocol is told by an alert', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').start();
  const none = await tlsClient(web.port);
  assert.equal(none.alpnProtocol, false);
  none.destroy();
  const known = await tlsClient(web.port, { ALPNProtocols: ['x', 'http/1.1'] });
  assert.equal(known.alpnProtocol, 'http/1.1');
  known.destroy();
  assert.equal(
    await refusal(web.port, { ALPNProtocols: ['smtp'] }),
    'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  );
});

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${version}: a session goes on at another worker, and not when the keys have been replaced`, async () => {
    await using upstream = await scriptedUpstream(answering(ok('here')));
    const draft = gateway().service('s', [upstream.url]).router('r', { tls: {} });
    await using one = await draft.start();
    await using other = await draft.start();
    const options = { minVersion: version, maxVersion: version } as const;
    const first = await tlsClient(one.port, options);
    first.write(get);
    await until('there is a ticket', () => first.session !== undefined && first.text.includes('here'));
    const { session } = first;
    first.destroy();
    const second = await tlsClient(other.port, { ...options, session });
    assert.equal(second.isSessionReused(), true);
    second.destroy();
    other.plane.setTls(newTls());
    const third = await tlsClient(other.port, { ...options, session });
    assert.equal(third.isSessionReused(), false);
    third.destroy();
  });
}

test('a handshake has one time limit, however slowly it comes', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').entryPoint({ readTimeoutMs: 400 }).start();
  const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
  for (const drips of [false, true]) {
    const socket = connectPlain(web.port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.write(hello);
    const timer = setInterval(() => drips && socket.write(Buffer.from([0])), 50);
    // By a reset where something had not been read, which is no failure here.
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(timer);
  }
  await counted(web, 'timeout', 2);
});

test('a client that leaves, sends nonsense or refuses the certificate leaves nothing and logs no error', async () => {
  await using web = await gatewayTo('http://127.0.0.1:1').start();
  for (const bytes of [
    '\x16',
    '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00',
    '\x16\x03\x01\xff\xff\x01',
    '\x16\x03junk',
  ]) {
    const socket = connectPlain(web.port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.write(bytes, 'latin1');
    await until('it has arrived', () => socket.bytesWritten === bytes.length && !socket.connecting);
    socket.resetAndDestroy();
  }
  assert.equal(await refusal(web.port, { rejectUnauthorized: true }), 'DEPTH_ZERO_SELF_SIGNED_CERT');
  await until('no connection is open', async () => (await sampleOf(web, 'traefik_open_connections')) === 0);
  const client = await tlsClient(web.port);
  await until(
    'an encrypted connection counts once',
    async () => (await sampleOf(web, 'traefik_open_connections')) === 1,
  );
  client.destroy();
  await until('and is gone with it', async () => (await sampleOf(web, 'traefik_open_connections')) === 0);
});

test('the end of the gateway lets an answer over TLS finish and closes idle connections', async () => {
  await using upstream = await scriptedUpstream();
  const web = await gateway().service('s', [upstream.url]).router('r', { tls: {} }).start();
  const idle = await tlsClient(web.port);
  const busy = await tlsClient(web.port);
  busy.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  const closed = web.close();
  await until('the idle one is closed', () => idle.readableEnded || idle.closed);
  assert.equal(busy.closed, false);
  replica.send('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone');
  await until('the answer is whole', () => busy.text.endsWith('done'));
  await closed;
  busy.destroy();
});

type Families = readonly {
  name: string;
  values: readonly { labels: Record<string, string>; value: number }[];
}[];
type Measured = { readonly plane: { collectMetrics(): Promise<unknown> } };

async function sampleOf(web: Measured, name: string, labels: Record<string, string> = {}): Promise<number> {
  const family = ((await web.plane.collectMetrics()) as Families).find((one) => one.name === name);
  const samples = family?.values.filter((sample) =>
    Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return (samples ?? []).reduce((sum, { value }) => sum + value, 0);
}

async function counted(web: Measured, reason: string, times: number): Promise<void> {
  const name = 'berth_tls_handshake_failures_total';
  await until(
    `${reason} is counted ${times} times`,
    async () => (await sampleOf(web, name, { reason })) === times,
  );
}
