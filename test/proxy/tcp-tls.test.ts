// TCP routers and TLS: passed on as it is by the name that the client asks for, or ended here; and who comes first where HTTPS
// is on the same port.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { TlsMaterial } from '../../src/model/tls-material.ts';
import { type GatewayDraft, gateway } from '../support/gateway.ts';
import { clientOn, rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { tlsClient } from '../support/tls-client.ts';
import { newTls, testTls } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

const tcp = (port: number): string => `tcp://127.0.0.1:${port}`;
const get = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n';
const passthrough = { tls: { passthrough: true } };
const terminate = { tls: { passthrough: false } };

/** A server of TLS with a certificate of its own, which greets each client with its word. */
async function tlsServer(word: string, material: TlsMaterial = newTls()) {
  const { certificate, privateKey } = material.defaultCertificate;
  const sockets: Socket[] = [];
  const server = createServer(
    { cert: certificate, key: privateKey, ALPNProtocols: ['own', 'h2'] },
    (socket) => {
      socket.on('error', () => {}).end(word);
    },
  );
  server.on('connection', (socket) => sockets.push(socket));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: tcp((server.address() as AddressInfo).port),
    fingerprint: fingerprintOf(certificate),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256;
}

const gatewaysOwn = fingerprintOf(testTls.defaultCertificate.certificate);

/** What a client that asks for `servername` sees: whose certificate, and the first words. */
async function asks(port: number, servername: string, send = '', protocols?: string[]) {
  using client = await tlsClient(port, {
    servername,
    ...(protocols === undefined ? {} : { ALPNProtocols: protocols }),
  });
  const { fingerprint256 } = client.socket.getPeerCertificate();
  if (send !== '') client.send(send);
  const text = await client.ended();
  return { fingerprint256, text: text.split('\r\n\r\n').at(-1), alpn: client.socket.alpnProtocol };
}

test('passthrough by name: the client sees the certificate of the replica, and its protocol', async () => {
  await using one = await tlsServer('one');
  await using two = await tlsServer('two');
  await using web = await gateway()
    .tcpService('one', [one.url])
    .tcpService('two', [two.url])
    .tcpRouter('a', { rule: 'HostSNI(`one.test`)', service: 'one', ...passthrough })
    .tcpRouter('b', { rule: 'HostSNI(`*.two.test`)', service: 'two', ...passthrough })
    .start();
  const seen = await asks(web.port, 'One.Test', '', ['own']);
  assert.deepEqual(seen, { fingerprint256: one.fingerprint, text: 'one', alpn: 'own' });
  assert.equal((await asks(web.port, 'x.two.test')).fingerprint256, two.fingerprint);
  // Nobody’s name: HTTPS, which has no router.
  assert.match((await asks(web.port, 'y.x.two.test', get)).text ?? '', /No router/);
});

test('a hello in single bytes, and one cut into many records, is routed like any other', async () => {
  await using one = await tlsServer('one');
  await using web = await gateway()
    .tcpService('one', [one.url])
    .tcpRouter('a', { rule: 'HostSNI(`one.test`)', ...passthrough })
    .start();
  using recorded = await rawClient(web.port);
  const hello = await helloOf('one.test');
  const body = hello.subarray(5);
  for (let at = 0; at < body.length; at += 20) {
    const part = body.subarray(at, at + 20);
    for (const byte of [0x16, 3, 1, 0, part.length, ...part]) recorded.socket.write(Uint8Array.of(byte));
  }
  // A record of a handshake (0x16) that begins with a ServerHello (2): OpenSSL has understood it.
  await recorded.sees(/^\x16\x03\x03[\s\S]{2}\x02/);
});

test('TLS ends at the gateway: the replica gets plain bytes, and sends them', async () => {
  await using db = await scriptedUpstream(({ send }) => send('plain'));
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r', terminate)
    .start();
  using client = await tlsClient(web.port, { servername: 'any.test' });
  assert.equal(client.socket.getPeerCertificate().fingerprint256, gatewaysOwn);
  await client.sees('plain');
  client.send('hello');
  const replica = await db.connection(0);
  await replica.sees('hello');
  await until('it is under way', () => web.load('t (tcp)', 't-0')?.inFlight === 1);
  replica.socket.end();
  await client.ended();
});

test('to a replica that speaks TLS itself a certificate that nobody vouches for is an error', async () => {
  await using one = await tlsServer('secret');
  await using web = await gateway()
    .tcpService('t', [one.url.replace('tcp:', 'tls:')])
    .tcpRouter('r')
    .start();
  using client = await rawClient(web.port);
  assert.equal(await client.ended(), '');
  await until('it is a failure of the replica', () => web.load('t (tcp)', 't-0')?.failures === 1);
});

test('who comes first: HTTPS by host, TCP by name, HTTPS for all, TCP for all', async () => {
  await using app = await scriptedUpstream(answering(ok('https')));
  await using named = await tlsServer('named');
  await using all = await tlsServer('all');
  const draft = (): GatewayDraft =>
    gateway()
      .service('s', [app.url])
      .tcpService('named', [named.url])
      .tcpService('all', [all.url])
      .tcpRouter('n', {
        rule: 'HostSNIRegexp(`^[ab]\\.test$`)',
        service: 'named',
        priority: 1,
        ...passthrough,
      })
      .tcpRouter('c', { service: 'all', ...passthrough });
  await using web = await draft().router('h', { rule: 'Host(`a.test`)', tls: {} }).start();
  const text = async (name: string) => (await asks(web.port, name, get)).text;
  assert.equal(await text('a.test'), 'https');
  assert.equal(await text('b.test'), 'named');
  assert.equal(await text('other.test'), 'all');
  web.apply(draft().router('h', { tls: {} }));
  assert.equal(await text('a.test'), 'named');
  assert.equal(await text('other.test'), 'https', 'an HTTPS router without a host comes before HostSNI(`*`)');
});

test('plain connections: a TCP router takes all of them, one with tls none', async () => {
  await using app = await scriptedUpstream(answering(ok('http')));
  await using db = await scriptedUpstream(({ send }) => send('tcp'));
  const web = await gateway()
    .service('s', [app.url])
    .router('h')
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r', { rule: 'HostSNI(`db.test`)', ...terminate })
    .start();
  await using _ = web;
  assert.equal((await rawRequest(web.port, get)).rest, 'http');
  using encrypted = await tlsClient(web.port, { servername: 'db.test' });
  await encrypted.sees('tcp');
  web.apply(
    gateway()
      .service('s', [app.url])
      .router('h')
      .router('secure', { tls: {} })
      .tcpService('t', [tcp(db.port)])
      .tcpRouter('r'),
  );
  using plain = await rawClient(web.port);
  plain.send(get);
  await plain.sees('tcp');
  assert.equal((await asks(web.port, 'x.test', get)).text, 'http', 'TLS is left to HTTPS');
});

test('HTTP/2 and pieces of a preface reach their lanes beside TCP routers', async () => {
  await using app = await scriptedUpstream(answering(ok('http')));
  await using web = await gateway()
    .service('s', [app.url])
    .router('h')
    .tcpService('t', ['tcp://127.0.0.1:1'])
    .tcpRouter('r', { rule: 'HostSNI(`db.test`)', ...passthrough })
    .start();
  using preface = await rawClient(web.port);
  preface.send('PRI * HT');
  preface.send('TP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
  // SETTINGS: a frame of type 4 on stream 0.
  await preface.sees(/^\0[\s\S]{2}\x04/);
  using post = await rawClient(web.port);
  post.send('PO');
  post.send('ST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
  await post.sees('http');
});

test('a client that does not end its hello is cut, however it sends it', async () => {
  await using web = await gateway()
    .tcpService('t', ['tcp://127.0.0.1:1'])
    .tcpRouter('r', { rule: 'HostSNI(`db.test`)', ...passthrough })
    .entryPoint({ readTimeoutMs: 300 })
    .start();
  const hello = await helloOf('db.test');
  using silent = await rawClient(web.port);
  using slow = await rawClient(web.port);
  let at = 0;
  const drip = setInterval(() => {
    if (at < hello.length - 1) slow.socket.write(hello.subarray(at, ++at));
  }, 50);
  assert.equal(await silent.ended(), '');
  assert.equal(await slow.ended(), '');
  clearInterval(drip);
  assert.ok(at < hello.length - 1);
});

test('what is no hello gets the alert that it gets everywhere', async () => {
  await using web = await gateway()
    .tcpService('t', ['tcp://127.0.0.1:1'])
    .tcpRouter('r', passthrough)
    .start();
  using client = await rawClient(web.port);
  client.send('\x16\x03\x01\x00\x05hello');
  // An alert record (0x15), fatal (2).
  assert.match(await client.ended(), /^\x15\x03[\s\S]\x00\x02\x02/);
});

test('Postgres: TLS by its own message is routed by name, ended here or passed on', async () => {
  const asking = '\0\0\0\x08\x04\xd2\x16\x2f';
  await using db = await scriptedUpstream();
  await using web = await gateway()
    .tcpService('t', [tcp(db.port)])
    .tcpRouter('r', { rule: 'HostSNI(`db.test`)', ...terminate })
    .tcpRouter('p', { rule: 'HostSNI(`own.test`)', ...passthrough })
    .start();
  const start = async (servername: string): Promise<TLSSocket> => {
    const socket = connectPlain(web.port, '127.0.0.1');
    socket.write(asking, 'latin1');
    const yes = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    assert.equal(yes.toString('latin1'), 'S');
    return connect({ socket, servername, rejectUnauthorized: false });
  };
  using ended = clientOn(await start('db.test'));
  ended.send('startup');
  await (await db.connection(0)).sees('startup');
  using passed = clientOn(await start('own.test'));
  const replica = await db.connection(1);
  await replica.sees(asking);
  replica.send('S');
  await replica.sees(/^[\s\S]{8}\x16\x03/);
  assert.equal(passed.isClosed, false);
});

/** The first bytes of a client that asks for this name. */
async function helloOf(servername: string): Promise<Buffer> {
  await using server = await scriptedUpstream();
  const socket = connect({ port: server.port, host: '127.0.0.1', servername });
  socket.on('error', () => {});
  const connection = await server.connection(0);
  const received = (): Buffer => Buffer.from(connection.received, 'latin1');
  await until('the whole record has come', () => {
    const bytes = received();
    return bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3);
  });
  socket.destroy();
  return received();
}
