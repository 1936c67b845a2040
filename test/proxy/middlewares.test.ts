// Middlewares on the wire: what reaches the replica, and what the client gets in its place.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { MiddlewareOptions } from '../../src/model/middlewares/catalog.ts';
import { gateway, type TestGateway } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, type ScriptedUpstream, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

let upstream: ScriptedUpstream;
let served: TestGateway;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** One router for each, under the host of its name. */
const middlewares: Readonly<Record<string, MiddlewareOptions>> = {
  replace: { kind: 'replacePath', options: { path: '/new' } },
  regex: { kind: 'replacePathRegex', options: { regex: '^/api/(.*)', replacement: '/v2/$1' } },
  strip: { kind: 'stripPrefixRegex', options: { regex: ['^/v[0-9]+', '^/\\p{L}+'] } },
  redirect: { kind: 'redirectRegex', options: { regex: '^http://redirect/(.*)', replacement: '/to/$1' } },
  allowed: { kind: 'ipAllowList', options: { sourceRange: ['127.0.0.0/8', '::1'] } },
  refused: { kind: 'ipAllowList', options: { sourceRange: ['192.0.2.0/24'], rejectStatusCode: 404 } },
  // As resolved: a chain names no chains.
  chain: { kind: 'chain', options: { middlewares: ['strip', 'prefix'] } },
  prefix: { kind: 'addPrefix', options: { prefix: '/api' } },
  encoded: { kind: 'encodedCharacters', options: { allowEncodedSlash: true } },
  digest: { kind: 'digestAuth', options: { users: [`u:traefik:${md5('u:traefik:password')}`] } },
  closed: { kind: 'chain', options: { middlewares: ['prefix', 'refused', 'redirect'] } },
};

before(async () => {
  upstream = await scriptedUpstream(answering(ok('ok')));
  const draft = gateway().service('s', [upstream.url]);
  for (const [name, options] of Object.entries(middlewares)) {
    draft.middleware(name, options).router(name, { rule: `Host(\`${name}\`)`, middlewares: [name] });
  }
  draft.service('wrapped', [upstream.url], { middlewares: ['prefix'] });
  draft.router('wrapped', { rule: 'Host(`wrapped`)', middlewares: ['strip'], service: 'wrapped' });
  served = await draft.start();
});
after(async () => {
  await served?.close();
  await upstream?.close();
});

/** What the client gets, and the head that has reached the replica. */
async function ask(host: string, target: string, method = 'GET') {
  const from = upstream.received.length;
  const answer = await rawRequest(
    served.port,
    `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  return { answer, head: upstream.received.slice(from) };
}

test('paths are replaced, and the old one is named', async () => {
  const { head } = await ask('replace', '/old%20one?q');
  assert.match(head, /^GET \/new\?q HTTP/);
  assert.match(head, /^X-Replaced-Path: \/old%20one\r$/im);
  assert.match((await ask('regex', '/api/x%2520?q')).head, /^$/, 'double encoding is refused before');
  assert.match((await ask('regex', '/api/x%20y?q')).head, /^GET \/v2\/x%20y\?q HTTP/);
});

test('a prefix that a regexp matches is removed, and cannot begin a field of its own', async () => {
  assert.match((await ask('strip', '/v12/x')).head, /^GET \/x HTTP[\s\S]*^X-Forwarded-Prefix: \/v12\r$/im);
  const { head } = await ask('strip', '/%C4%8A%C4%8DInjected/x');
  assert.match(head, /^GET \/x HTTP[\s\S]*^X-Forwarded-Prefix: \/\xc4\x8a\xc4\x8dInjected\r$/im);
});

test('a client is sent elsewhere without asking the replica', async () => {
  const { answer, head } = await ask('redirect', '/a?b', 'POST');
  assert.equal(answer.status, 307);
  assert.equal(answer.headers.get('location'), '/to/a?b');
  assert.equal(head, '');
});

test('a chain runs its members in their order, up to the first that answers', async () => {
  assert.match((await ask('chain', '/v1/x')).head, /^GET \/api\/x HTTP/);
  const { answer, head } = await ask('closed', '/');
  assert.equal(answer.status, 404);
  assert.equal(head, '');
});

test('encoded characters pass where they are allowed, as they came, and never hide a way', async () => {
  assert.equal((await ask('allowed', '/a%2fb')).answer.status, 400);
  assert.match((await ask('encoded', '/a%2fb?q=%2f')).head, /^GET \/a%2Fb\?q=%2f HTTP/);
  for (const path of ['/a%2f..%2fb', '/a%25b', '/a;b'])
    assert.equal((await ask('encoded', path)).answer.status, 400, path);
  assert.equal((await ask('nobody', '/a%2fb')).answer.status, 400);
});

test('a password is proved without being sent', async () => {
  const challenge = (await ask('digest', '/x')).answer;
  assert.equal(challenge.status, 401);
  const nonce = /nonce="([^"]+)"/.exec(challenge.headers.get('www-authenticate') ?? '')?.[1] ?? '';
  const response = md5(`${md5('u:traefik:password')}:${nonce}:00000001:c:auth:${md5('GET:/x')}`);
  const proof = `Digest username="u", realm="traefik", nonce="${nonce}", uri="/x", qop=auth, nc=00000001, cnonce="c", response="${response}"`;
  const request = `GET /x HTTP/1.1\r\nHost: digest\r\nAuthorization: ${proof}\r\nConnection: close\r\n\r\n`;
  assert.equal((await rawRequest(served.port, request)).status, 200);
  const again = await rawRequest(served.port, request);
  assert.equal(again.status, 401);
  assert.match(again.headers.get('www-authenticate') ?? '', /stale=true/);
});

test('middlewares of a service run after those of its router', async () => {
  assert.match((await ask('wrapped', '/v1/x')).head, /^GET \/api\/x HTTP/);
});

test('clients are served or refused by their address', async () => {
  assert.equal((await ask('allowed', '/')).answer.status, 200);
  const { answer, head } = await ask('refused', '/');
  assert.equal(answer.status, 404);
  assert.equal(answer.rest, 'Not Found');
  assert.equal(head, '');
});

test('requests of one host that are under way are limited, whichever way they end', async () => {
  const slow = await scriptedUpstream();
  const limited = await gateway()
    .service('s', [slow.url])
    .middleware('limit', { kind: 'inFlightReq', options: { amount: 1 } })
    .router('r', { middlewares: ['limit'] })
    .start();
  const heads = () => slow.received.split('GET / ').length - 1;
  /** A client whose request has reached the replica. */
  const letThrough = () =>
    until('a request is let through', async () => {
      const before = heads();
      const client = await rawClient(limited.port);
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await until('it is judged', () => client.received !== '' || heads() > before);
      if (heads() > before) return client;
      client.socket.destroy();
      return undefined;
    });

  const first = await letThrough();
  const refused = await rawRequest(limited.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(refused.status, 429);
  assert.equal(refused.rest, 'max connections reached: 1');
  // The client leaves without its answer.
  first.socket.destroy();
  const second = await letThrough();
  slow.connections.at(-1)?.send(ok('done'));
  await second.sees('done');
  const third = await letThrough();
  assert.equal(heads(), 3);
  for (const client of [second, third]) client.socket.destroy();
  await slow.close();
  await limited.close();
});

test('a bucket outlives a reload that does not change its limit', async () => {
  const draft = (path: string) =>
    gateway()
      .service('s', [upstream.url])
      .middleware('limit', { kind: 'rateLimit', options: { average: 1, period: 3_600_000, burst: 2 } })
      .router('r', { rule: `PathPrefix(\`${path}\`)`, middlewares: ['limit'] });
  const limited = await draft('/').start();
  const request = 'GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  assert.equal((await rawRequest(limited.port, request)).status, 200);
  limited.apply(draft('/a'));
  assert.equal((await rawRequest(limited.port, request)).status, 200);
  const refused = await rawRequest(limited.port, request);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '3600');
  assert.match(refused.headers.get('x-retry-in') ?? '', /^59m\d+\.\d+s$/);
  assert.equal(refused.rest, 'Too Many Requests');
  await limited.close();
});
