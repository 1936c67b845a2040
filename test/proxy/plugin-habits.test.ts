// What @fastify/http-proxy would do by itself, and must not: see docs/decisions/0007.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawRequest } from '../support/raw-client.ts';
import { answering, scriptedUpstream } from '../support/scripted-upstream.ts';

const get = (port: number, target = '/', fields = '') =>
  rawRequest(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`);

test('a GET that is answered by 503 is not sent again', async () => {
  await using upstream = await scriptedUpstream(
    answering('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0.01\r\nContent-Length: 4\r\n\r\nbusy'),
  );
  await using web = await gatewayTo(upstream.url).lanes('fastify').start();
  const answer = await get(web.port);
  assert.equal(answer.status, 503);
  assert.match(answer.rest, /busy$/);
  assert.equal(upstream.received.split('GET / ').length - 1, 1);
});

test('statuses that Fastify refuses pass, and a Location is not rewritten', async () => {
  await using upstream = await scriptedUpstream(
    answering('HTTP/1.1 799 Mine\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n'),
  );
  await using web = await gatewayTo(upstream.url).lanes('fastify').start();
  const answer = await get(web.port);
  assert.equal(answer.status, 799);
  assert.equal(answer.headers.get('location'), '/other');
});

test('targets that it refuses or rewrites go upstream as they were judged', async () => {
  await using upstream = await scriptedUpstream(answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  await using web = await gatewayTo(upstream.url).lanes('fastify').start();
  for (const target of ['/..hidden', '/x../y', '/%FF', '/[a]', '/a?b=//c/../d&b=%']) {
    const answer = await get(web.port, target);
    assert.equal(answer.status, 200, target);
    assert.ok(upstream.received.includes(`GET ${target} HTTP/1.1\r\n`), `${target}: ${upstream.received}`);
  }
});

test('fields that Connection names do not take away what the gateway writes', async () => {
  await using upstream = await scriptedUpstream(answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
  await using web = await gatewayTo(upstream.url).lanes('fastify').start();
  const answer = await get(
    web.port,
    '/',
    'Connection: host, x-forwarded-for, __proto__, x-mine\r\nX-Mine: 1\r\n',
  );
  assert.equal(answer.status, 200);
  assert.match(upstream.received, /\r\nhost: a\r\n/i);
  assert.match(upstream.received, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
  assert.doesNotMatch(upstream.received, /X-Mine/i);
});
