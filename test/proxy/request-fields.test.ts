// Fields between client and upstream: what a stranger may not say, what the gateway says itself, what belongs to one
// connection only.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EntryPoint } from '../../src/model/startup.ts';
import { gatewayTo, type TestGateway } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';

let upstream: ScriptedUpstream;
const gateways: TestGateway[] = [];

before(async () => {
  upstream = await scriptedUpstream(
    answering(
      ok(
        'ok',
        'Connection: X-Secret, keep-alive, Content-Length\r\nX-Secret: s\r\nKeep-Alive: timeout=9\r\nProxy-Connection: x\r\nX-Own: 1\r\n',
      ),
    ),
  );
});
after(async () => {
  for (const gateway of gateways) await gateway.close();
  await upstream?.close();
});

async function startWith(forwardedHeaders: Partial<EntryPoint['forwardedHeaders']> = {}) {
  const gateway = await gatewayTo(upstream.url)
    .entryPoint({
      forwardedHeaders: {
        insecure: false,
        trustedIPs: [],
        connection: [],
        notAppendXForwardedFor: false,
        ...forwardedHeaders,
      },
    })
    .start();
  gateways.push(gateway);
  /** Sends fields; gives those that reached the upstream, names in lower case. */
  return async (fields: string, host = 'example.com'): Promise<ReadonlyMap<string, string>> => {
    const from = upstream.received.length;
    await rawRequest(gateway.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields}\r\n`);
    const [, ...lines] = (upstream.received.slice(from).split('\r\n\r\n')[0] ?? '').split('\r\n');
    const seen = new Map<string, string>();
    for (const line of lines) {
      const name = line.slice(0, line.indexOf(':')).toLowerCase();
      const value = line.slice(line.indexOf(':') + 2);
      seen.set(name, seen.has(name) ? `${seen.get(name)} | ${value}` : value);
    }
    return seen;
  };
}

const spoofable = [
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Port',
  'X-Forwarded-Proto',
  'X-Forwarded-Server',
  'X-Forwarded-Prefix',
  'X-Forwarded-Uri',
  'X-Forwarded-Method',
  'X-Forwarded-Tls-Client-Cert',
  'X-Forwarded-Tls-Client-Cert-Info',
  'X-Forwarded-Ssl',
  'X-Forwarded-Scheme',
  'X-Real-Ip',
  'Forwarded',
  'Proxy',
  'X-Original-Url',
  'X-Rewrite-Url',
  'X_Forwarded_For',
  'X_Forwarded-Proto',
  'X-Forwarded_Host',
  'x_real_ip',
];

test('nothing that a stranger says of other hops arrives as given', async () => {
  const send = await startWith();
  const seen = await send(spoofable.map((name) => `${name}: spoofed\r\n`).join(''));
  for (const [name, value] of seen) assert.doesNotMatch(value, /spoofed/, name);
});

test('the fields of the gateway say who asked and what for', async () => {
  const send = await startWith();
  const seen = await send('', 'example.com:8080');
  assert.equal(seen.get('x-forwarded-for'), '127.0.0.1');
  assert.equal(seen.get('x-real-ip'), '127.0.0.1');
  assert.equal(seen.get('x-forwarded-proto'), 'http');
  assert.equal(seen.get('x-forwarded-host'), 'example.com:8080');
  assert.equal(seen.get('x-forwarded-port'), '8080');
  assert.notEqual(seen.get('x-forwarded-server') ?? '', '');
  assert.match(seen.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  assert.equal((await send('')).get('x-forwarded-port'), '80');
});

test('who is trusted is believed, and the client is appended', async () => {
  const send = await startWith({ trustedIPs: ['127.0.0.0/8'] });
  const seen = await send(
    'X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: real.test\r\nX-Real-Ip: 203.0.113.9\r\nForwarded: for=1\r\n',
  );
  assert.equal(seen.get('x-forwarded-for'), '203.0.113.9, 10.0.0.1, 127.0.0.1');
  assert.equal(seen.get('x-forwarded-proto'), 'https');
  assert.equal(seen.get('x-forwarded-host'), 'real.test');
  assert.equal(seen.get('x-forwarded-port'), '443');
  assert.equal(seen.get('x-real-ip'), '203.0.113.9');
  assert.equal(seen.get('forwarded'), 'for=1');
});

test('another address than the trusted one is a stranger', async () => {
  const send = await startWith({ trustedIPs: ['10.0.0.0/8', 'fe80::/10'] });
  assert.equal((await send('X-Forwarded-For: 203.0.113.9\r\n')).get('x-forwarded-for'), '127.0.0.1');
});

test('insecure trusts everybody; notAppendXForwardedFor leaves the list as it is', async () => {
  const send = await startWith({ insecure: true, notAppendXForwardedFor: true });
  assert.equal((await send('X-Forwarded-For: 203.0.113.9\r\n')).get('x-forwarded-for'), '203.0.113.9');
  assert.equal((await send('')).get('x-forwarded-for'), undefined);
});

test('Connection takes away what it names, but not what the gateway says', async () => {
  const send = await startWith({ connection: ['X-Allowed'] });
  const seen = await send(
    'Connection: X-Own, X-Allowed, X-Forwarded-For, X-Real-Ip, X-Forwarded-Proto, X-Request-Id, Host, X-Berth-Hops\r\nX-Own: 1\r\nX-Allowed: 2\r\nX-Kept: 3\r\n',
  );
  assert.equal(seen.get('x-own'), undefined);
  assert.equal(seen.get('x-allowed'), '2');
  assert.equal(seen.get('x-kept'), '3');
  assert.equal(seen.get('host'), 'example.com');
  for (const name of ['x-forwarded-for', 'x-real-ip', 'x-forwarded-proto', 'x-request-id', 'x-berth-hops']) {
    assert.notEqual(seen.get(name), undefined, name);
  }
});

test('fields of the connection are not passed on', async () => {
  const send = await startWith();
  const seen = await send(
    'Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\nTE: gzip, trailers\r\nTrailer: X\r\nUpgrade: websocket\r\nProxy: http://evil\r\n',
  );
  for (const name of [
    'keep-alive',
    'proxy-connection',
    'proxy-authorization',
    'trailer',
    'upgrade',
    'proxy',
  ]) {
    assert.equal(seen.get(name), undefined, name);
  }
  assert.equal(seen.get('te'), 'trailers');
  assert.equal(seen.get('connection'), 'keep-alive');
});

test('a request id is kept if it is harmless, else replaced', async () => {
  const send = await startWith();
  assert.equal((await send('X-Request-Id: abc-123_4\r\n')).get('x-request-id'), 'abc-123_4');
  for (const id of ['a b', '<x>', 'x'.repeat(129), 'caf\xe9']) {
    assert.match((await send(`X-Request-Id: ${id}\r\n`)).get('x-request-id') ?? '', /^[0-9a-f-]{36}$/, id);
  }
});

test('fields of the upstream’s connection do not reach the client', async () => {
  const send = await startWith();
  await send('');
  const gateway = gateways.at(-1);
  assert.ok(gateway);
  const { headers } = await rawRequest(
    gateway.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  assert.equal(headers.get('x-secret'), undefined);
  assert.equal(headers.get('proxy-connection'), undefined);
  assert.equal(headers.get('keep-alive'), undefined);
  assert.equal(headers.get('connection'), 'close');
  assert.equal(headers.get('content-length'), '2');
  assert.equal(headers.get('x-own'), '1');
});

test('rules see what goes upstream, not what a stranger wrote', async () => {
  const gateway = await gatewayTo(upstream.url)
    .router('r', { rule: 'Header(`X-Forwarded-Proto`, `https`)' })
    .start();
  gateways.push(gateway);
  const answer = await rawRequest(
    gateway.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-Proto: https\r\n\r\n',
  );
  assert.equal(answer.status, 404);
});

test('a request that goes in a circle ends with 508', async () => {
  const first = await gatewayTo().start();
  gateways.push(first);
  const { gateway } = await import('../support/gateway.ts');
  first.apply(
    gateway()
      .service('s', [`http://127.0.0.1:${first.port}`])
      .router('r'),
  );
  const answer = await rawRequest(first.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(answer.status, 508);
  assert.match(answer.rest, /code: loop/);
});
