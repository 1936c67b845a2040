// forwardAuth on the wire: who is asked what, what the client and the replica get of the answer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import type { ForwardAuthOptions } from '../../src/model/middlewares/forward-auth.ts';
import { gateway } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';
import { newTls } from '../support/tls-material.ts';
import { until } from '../support/until.ts';

const guarded = (replica: ScriptedUpstream, options: ForwardAuthOptions) =>
  gateway()
    .service('s', [replica.url])
    .middleware('auth', { kind: 'forwardAuth', options })
    .router('r', { middlewares: ['auth'] });

const answer = (head: string, body = '') =>
  `HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test('a request that may pass goes on with fields of the answer, and a forged one is gone', async () => {
  await using auth = await scriptedUpstream(
    answering(answer('204 No Content\r\nX-User: ann\r\nSet-Cookie: s=1')),
  );
  await using replica = await scriptedUpstream(
    answering(ok('hello', 'Set-Cookie: s=2\r\nSet-Cookie: t=2\r\n')),
  );
  await using web = await guarded(replica, {
    address: `${auth.url}/verify?x=1`,
    authResponseHeaders: ['X-User'],
    addAuthCookiesToResponse: ['s'],
  }).start();
  const got = await rawRequest(
    web.port,
    'POST /a?b HTTP/1.1\r\nHost: a.test\r\nX-User: forged\r\nX-Forwarded-Uri: /forged\r\nCookie: c=1\r\n' +
      'Connection: close\r\nContent-Length: 4\r\n\r\nbody',
  );
  assert.equal(got.status, 200);
  assert.equal(got.headers.get('set-cookie'), 't=2, s=1');
  assert.match(auth.received, /^GET \/verify\?x=1 HTTP\/1\.1\r\n/);
  assert.match(auth.received, /\r\nX-Forwarded-Uri: \/a\?b\r\n/);
  assert.match(auth.received, /\r\nX-Forwarded-Method: POST\r\n/);
  assert.match(auth.received, /\r\nX-Forwarded-Host: a\.test\r\n/);
  assert.match(auth.received, /\r\nCookie: c=1\r\n/);
  assert.doesNotMatch(auth.received, /forged\r\n\r\n|content-length|\r\nconnection: close/i);
  assert.match(replica.received, /\r\nX-User: ann\r\n[\s\S]*\r\n\r\nbody$/);
  assert.doesNotMatch(replica.received, /forged/);
});

test('any other answer is the client’s, byte by byte, and the replica hears nothing', async () => {
  const bytes = '\xff\xfe\x00\r\n';
  await using auth = await scriptedUpstream(
    answering(
      answer('403 Forbidden\r\nX-Why: no\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=1', bytes),
    ),
  );
  await using replica = await scriptedUpstream(answering(ok()));
  await using web = await guarded(replica, { address: auth.url }).start();
  const got = await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(got.status, 403);
  assert.equal(got.rest, bytes);
  assert.equal(got.headers.get('x-why'), 'no');
  assert.equal(got.headers.get('x-hop'), undefined);
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  const over2 = await client.request('/', { body: 'upload' });
  assert.equal(over2.status, 403);
  assert.equal(over2.fields['x-why'], 'no');
  assert.equal(over2.fields['content-length'], '5');
  assert.equal(replica.received, '');
});

test('a redirection is passed on and never followed', async () => {
  await using metadata = await scriptedUpstream(answering(ok('secret')));
  await using auth = await scriptedUpstream(
    answering((head) => answer(`302 Found\r\nLocation: ${/ \/(\S*) /.exec(head)?.[1]}`)),
  );
  await using replica = await scriptedUpstream();
  const location = async (path: string, preserveLocationHeader: boolean) => {
    await using web = await guarded(replica, {
      address: `${auth.url}/${path}`,
      preserveLocationHeader,
    }).start();
    const got = await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.equal(got.status, 302);
    return got.headers.get('location');
  };
  assert.equal(await location('login', false), `${auth.url}/login`);
  assert.equal(await location('login', true), 'login');
  assert.equal(await location(metadata.url, false), metadata.url);
  assert.equal(metadata.received, '');
});

test('authSigninURL takes the place of a 401', async () => {
  await using auth = await scriptedUpstream(answering(answer('401 Unauthorized', 'no')));
  await using replica = await scriptedUpstream();
  await using web = await guarded(replica, {
    address: auth.url,
    authSigninURL: 'https://in.test/?a&b',
  }).start();
  const got = await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(got.status, 302);
  assert.equal(got.headers.get('location'), 'https://in.test/?a&b');
});

test('no answer, one that is no HTTP, and one that is too large let nothing pass', async () => {
  await using replica = await scriptedUpstream();
  await using broken = await scriptedUpstream(answering('nonsense\r\n\r\n'));
  await using large = await scriptedUpstream(answering(ok('12345')));
  await using gone = await scriptedUpstream();
  await gone.close();
  const ask = async (options: ForwardAuthOptions) => {
    await using web = await guarded(replica, options).start();
    const got = await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    return `${got.status} ${/code: (\S+)/.exec(got.rest)?.[1]}`;
  };
  assert.equal(await ask({ address: gone.url }), '500 auth-unreachable');
  assert.equal(await ask({ address: broken.url }), '500 auth-unreachable');
  assert.equal(await ask({ address: large.url, maxResponseBodySize: 4 }), '401 auth-answer-too-large');
  assert.equal(replica.received, '');
});

test('the question is given up with the client, and asked again where an idle connection had died', async () => {
  await using replica = await scriptedUpstream(answering(ok('hello')));
  await using slow = await scriptedUpstream();
  await using web = await guarded(replica, { address: slow.url }).start();
  const client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const question = await slow.connection(0);
  await question.sees('\r\n\r\n');
  client.socket.destroy();
  await question.closed();

  // Its connections serve one question, and end at the second one.
  let asked = 0;
  await using dying = await scriptedUpstream((connection) => {
    connection.socket.on('data', () => {
      asked += 1;
      if (asked === 2) connection.socket.destroy();
      else connection.send(answer('200 OK'));
    });
  });
  await using other = await guarded(replica, { address: dying.url }).start();
  for (const _ of [1, 2]) {
    const got = await rawRequest(other.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.equal(got.status, 200);
  }
  assert.equal(asked, 3);
});

test('its connections are kept over a reload that does not change it, and closed with it', async () => {
  await using auth = await scriptedUpstream(answering(answer('200 OK')));
  await using replica = await scriptedUpstream(answering(ok('hello')));
  await using web = await guarded(replica, { address: auth.url }).start();
  const ask = () => rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal((await ask()).status, 200);
  web.apply(
    guarded(replica, { address: auth.url, headerField: 'X-User' }).router('other', { rule: 'Path(`/o`)' }),
  );
  assert.equal((await ask()).status, 200);
  assert.equal(auth.connections.length, 1);
  web.apply(gateway().service('s', [replica.url]).router('r'));
  await (await auth.connection(0)).closed();
});

test('over TLS its certificate is verified unless that is switched off, and ours is shown', async () => {
  const { certificate, privateKey } = newTls().defaultCertificate;
  const names: string[] = [];
  const server = createServer(
    { cert: certificate, key: privateKey, requestCert: true, rejectUnauthorized: false, ca: [certificate] },
    (socket) => {
      names.push(Object.keys(socket.getPeerCertificate()).length > 0 ? 'known' : 'unknown');
      socket.on('error', () => {});
      socket.on('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
      );
    },
  );
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  using _ending = { [Symbol.dispose]: () => void server.close() };
  await using replica = await scriptedUpstream(answering(ok('hello')));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const statusWith = async (tls: ForwardAuthOptions['tls']) => {
    await using web = await gateway().start();
    web.plane.addPem('cert', certificate);
    web.plane.addPem('key', privateKey);
    web.apply(guarded(replica, { address, ...(tls === undefined ? {} : { tls }) }));
    return (await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).status;
  };
  assert.equal(await statusWith(undefined), 500);
  assert.equal(await statusWith({ insecureSkipVerify: true }), 200);
  assert.equal(await statusWith({ insecureSkipVerify: true, cert: 'cert', key: 'key' }), 200);
  assert.ok(names.includes('unknown') && names.includes('known'), names.join());
});

test('forwardBody tells the body, and the replica gets it too', async () => {
  await using auth = await scriptedUpstream((connection) => {
    connection.socket.on('data', (text: string) => {
      if (/(?:body|flat)$/.test(text)) connection.send(answer('200 OK\r\nX-User: ann\r\nSet-Cookie: s=1'));
      else if (text.endsWith('evil')) connection.send(answer('403 Forbidden', 'no'));
    });
  });
  await using replica = await scriptedUpstream((connection) => {
    connection.socket.on('data', (text: string) => {
      if (/(?:body|flat|0\r\n\r\n)$/.test(text)) connection.send(ok('hello', 'Set-Cookie: s=2\r\n'));
    });
  });
  await using web = await guarded(replica, {
    address: auth.url,
    forwardBody: true,
    maxBodySize: 4,
    authResponseHeaders: ['X-User'],
    addAuthCookiesToResponse: ['s'],
  })
    .middleware('strip', { kind: 'stripPrefix', options: { prefixes: ['/api'] } })
    .router('r', { middlewares: ['auth', 'strip'] })
    .start();
  const post = (framed: string) =>
    rawRequest(
      web.port,
      `POST /api/x HTTP/1.1\r\nHost: a\r\nX-User: forged\r\nConnection: close\r\n${framed}`,
    );
  const got = await post('Content-Length: 4\r\n\r\nbody');
  assert.equal(got.status, 200);
  assert.equal(got.headers.get('set-cookie'), 's=1');
  assert.match(auth.received, /^GET \/ HTTP[\s\S]*\r\nX-Forwarded-Uri: \/api\/x\r\n/);
  assert.match(auth.received, /\r\ncontent-length: 4\r\n\r\nbody$/i);
  assert.match(replica.received, /^POST \/x HTTP[\s\S]*\r\nX-User: ann\r\n[\s\S]*\r\n\r\nbody$/);
  assert.doesNotMatch(replica.received, /forged/);
  assert.equal((await post('Transfer-Encoding: chunked\r\n\r\n4\r\nflat\r\n0\r\n\r\n')).status, 200);
  assert.match(replica.received, /flat(?:\r\n0\r\n\r\n)?$/);

  const asked = replica.received.length;
  const refused = await post('Content-Length: 4\r\n\r\nevil');
  assert.equal(`${refused.status} ${refused.rest}`, '403 no');
  const large = await post('Content-Length: 5\r\n\r\nbody!');
  assert.match(`${large.status} ${large.rest}`, /^401[\s\S]*auth-body-too-large/);
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  assert.equal((await client.request('/api/x', { body: 'evil' })).status, 403);
  assert.equal(replica.received.length, asked, 'the replica hears nothing');
  assert.equal((await client.request('/api/x', { body: 'body' })).fields['set-cookie']?.toString(), 's=1');

  // A client that leaves takes its question along.
  const leaver = await rawClient(web.port);
  leaver.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhang');
  const question = await until('it is asked', () =>
    auth.connections.find(({ received }) => received.endsWith('hang')),
  );
  leaver.socket.destroy();
  await question.closed();
});

test('the user of the answer stands in the access log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-'));
  const filePath = join(folder, 'access.log');
  await using auth = await scriptedUpstream(answering(answer('200 OK\r\nX-User: ann')));
  await using replica = await scriptedUpstream(answering(ok('hello')));
  const web = await guarded(replica, { address: auth.url, headerField: 'x-user' })
    .accessLog({ filePath })
    .start();
  await rawRequest(web.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await web.close();
  assert.equal(JSON.parse(readFileSync(filePath, 'utf8')).ClientUsername, 'ann');
  rmSync(folder, { recursive: true });
});
