// Requests that two parsers would read as different ones: each is refused, or exactly one request goes upstream.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gatewayTo, type TestGateway } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let web: TestGateway;

before(async () => {
  upstream = await scriptedUpstream(answering(ok()));
  web = await gatewayTo(upstream.url).start();
});
after(async () => {
  await web?.close();
  await upstream?.close();
});

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: evil\r\n\r\n';

/** Sends it, and gives what came back once the gateway closed or an answer to `/after` came. */
async function attack(bytes: string): Promise<string> {
  using client = await rawClient(web.port);
  client.send(bytes);
  await client.sees(/HTTP\/1\.1 \d/).catch(() => {});
  client.socket.end();
  await client.ended();
  return client.received;
}

const refused: readonly { readonly name: string; readonly bytes: string }[] = [
  {
    name: 'Content-Length and Transfer-Encoding',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 62\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  },
  {
    name: 'Transfer-Encoding with a space before the colon',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  },
  {
    name: 'two codings, chunked not last',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
  },
  {
    name: 'an unknown coding',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
  },
  {
    name: 'two different lengths',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n${smuggled}`,
  },
  {
    name: 'a signed length',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello${smuggled}`,
  },
  {
    name: 'a bare LF in chunk lines',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;\nhello\r\n0\r\n\r\n${smuggled}`,
  },
  {
    name: 'a folded field',
    bytes: `POST / HTTP/1.1\r\nHost: a\r\nX: y\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
  },
  { name: 'two Host fields', bytes: 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n' },
  { name: 'no Host field', bytes: 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n' },
  ...['a/b', 'a#b', 'a?b', 'u@b', 'a b', 'a:b:c', 'a:99999', '[::1', 'a,b', 'caf\xe9'].map((host) => ({
    name: `Host: ${host}`,
    bytes: `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  })),
  { name: 'target *', bytes: 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' },
  {
    name: 'an absolute target with a user',
    bytes: 'GET http://u@a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  },
  { name: 'a NUL in a field', bytes: 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nConnection: close\r\n\r\n' },
  { name: 'a fragment', bytes: 'GET /x?a#b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' },
];

for (const { name, bytes } of refused) {
  test(`${name}: refused with 400, and nothing goes upstream`, async () => {
    const before = upstream.received;
    const received = await attack(bytes);
    assert.match(received, /^HTTP\/1\.1 400 /);
    assert.doesNotMatch(received, /200 OK/, 'nothing was served on that connection');
    assert.equal(upstream.received, before);
  });
}

test('CONNECT and TRACE get 405 and open nothing', async () => {
  const before = upstream.received;
  for (const bytes of [
    'CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n\r\n',
    'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  ]) {
    assert.match(await attack(bytes), /^HTTP\/1\.1 405 /);
  }
  assert.equal(upstream.received, before);
});

test('a GET whose body looks like a request is one request', async () => {
  using client = await rawClient(web.port);
  client.send(
    `GET /body HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  await client.sees('HTTP/1.1 100 Continue\r\n\r\n');
  client.send(smuggled);
  await client.sees('200 OK');
  assert.equal(client.received.match(/200 OK/g)?.length, 1);
  const seen = upstream.connections.find(({ received }) => received.startsWith('GET /body'));
  assert.match(seen?.received ?? '', new RegExp(`content-length: ${smuggled.length}\r\n\r\nGET /smuggled`));
});

test('the authority of an absolute target counts, and the target goes up in origin-form', async () => {
  await attack('GET http://a.test/x?y HTTP/1.1\r\nHost: b.test\r\nConnection: close\r\n\r\n');
  const head = upstream.received.slice(upstream.received.lastIndexOf('GET /x?y'));
  assert.match(head, /^GET \/x\?y HTTP\/1\.1\r\nhost: a\.test\r\n/);
  assert.match(head, /X-Forwarded-Host: a\.test/);
  assert.doesNotMatch(head, /b\.test/);
});

test('a target that begins with two slashes stays a path', async () => {
  await attack('GET //evil.test/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.match(upstream.received.slice(upstream.received.lastIndexOf('GET ')), /^GET \/evil\.test\/x HTTP/);
});

test('Upgrade to another version of HTTP is dropped', async () => {
  const before = upstream.received.length;
  const received = await attack(
    'GET /h2c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  );
  assert.match(received, /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(upstream.received.slice(before), /upgrade|http2-settings/i);
});

test('an answer that nobody asked for reaches nobody', async () => {
  await using poisoner = await scriptedUpstream(answering((head) => ok(head.split(' ')[1]) + ok('poison')));
  await using gateway = await gatewayTo(poisoner.url).start();
  using client = await rawClient(gateway.port);
  for (let at = 0; at < 5; at++) {
    client.send(`GET /${at} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.sees(new RegExp(`200 OK[\\s\\S]*/${at}$`));
  }
  assert.doesNotMatch(client.received, /poison/);
});

test('paths that servers read in two ways are refused', async () => {
  const before = upstream.received;
  for (const path of [
    '/a%2f..%2fadmin',
    '/a%2Fb',
    '/a\\b',
    '/a%5cb',
    '/a%00',
    '/a;b',
    '/a%3bb',
    '/%252e%252e/x',
    '/%zz',
    '/%c0%ae',
  ]) {
    assert.match(
      await attack(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 400 /,
      path,
    );
  }
  assert.equal(upstream.received, before);
});

test('oversized heads get 431 and 414', async () => {
  const before = upstream.received;
  const many = Array.from({ length: 3000 }, (_, at) => `X-${at}: 1\r\n`).join('');
  const cases: readonly [string, number][] = [
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(300_000)}\r\nConnection: close\r\n\r\n`, 431],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1_200_000)}\r\nConnection: close\r\n\r\n`, 431],
    [`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${many}\r\n`, 431],
    [`GET /${'x'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
    [`GET /?${'x'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
  ];
  for (const [bytes, status] of cases) {
    assert.match(await attack(bytes), new RegExp(`^HTTP/1\\.1 ${status} `), bytes.slice(0, 40));
  }
  assert.equal(upstream.received, before);
});
