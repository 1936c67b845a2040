// circuitBreaker on the wire: what counts, for whom it opens, and what a reload does to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway } from '../support/gateway.ts';
import { http2Client } from '../support/http2-client.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const failing = answering((head) =>
  head.includes('/bad') ? 'HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad' : ok('hello'),
);

/** Opens at the first look after a failure, and for good. */
const breaker = {
  kind: 'circuitBreaker',
  options: {
    expression: 'ResponseCodeRatio(500, 600, 0, 600) > 0 || NetworkErrorRatio() > 0',
    checkPeriod: 1,
    fallbackDuration: 3_600_000,
    responseCode: 429,
  },
} as const;

const status = async (port: number, path: string): Promise<number> =>
  (await rawRequest(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).status;

/** Fails until the breaker has looked. */
const trip = (port: number, path: string): Promise<unknown> =>
  until('the breaker opens', async () => (await status(port, path)) === 429);

test('each router has its own, which outlives a reload that does not change it', async () => {
  await using replica = await scriptedUpstream(failing);
  const draft = (more: { readonly checkPeriod?: number } = {}) =>
    gateway()
      .service('s', [replica.url])
      .middleware('breaker', { ...breaker, options: { ...breaker.options, ...more } })
      .router('a', { rule: 'PathPrefix(`/a`)', middlewares: ['breaker'] })
      .router('b', { rule: 'PathPrefix(`/b`)', middlewares: ['breaker'] });
  await using web = await draft().start();
  assert.equal(await status(web.port, '/a'), 200);
  await trip(web.port, '/a/bad');
  const asked = replica.received.length;
  const refused = await rawRequest(web.port, 'GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.equal(refused.status, 429);
  assert.equal(refused.rest, 'Too Many Requests');
  assert.equal(replica.received.length, asked, 'the replica hears nothing');
  assert.equal(await status(web.port, '/b'), 200);
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  assert.equal((await client.request('/a')).status, 429);

  web.apply(draft().router('c', { rule: 'PathPrefix(`/c`)' }));
  assert.equal(await status(web.port, '/a'), 429);
  web.apply(draft({ checkPeriod: 2 }));
  assert.equal(await status(web.port, '/a'), 200);
});

test('a replica that is gone is a network error, over HTTP/2 and gRPC too', async () => {
  const gone = await scriptedUpstream();
  await gone.close();
  for (const fields of [{}, { 'content-type': 'application/grpc' }]) {
    await using web = await gateway()
      .service('s', [gone.url])
      .middleware('breaker', {
        ...breaker,
        options: { ...breaker.options, expression: 'NetworkErrorRatio() > 0' },
      })
      .router('r', { middlewares: ['breaker'] })
      .start();
    await using client = await http2Client(`http://127.0.0.1:${web.port}`);
    await until('it opens', async () => (await client.request('/', { fields })).status === 429);
  }
});

test('times are those until the end of the answer', async () => {
  await using replica = await scriptedUpstream();
  await using web = await gateway()
    .service('s', [replica.url])
    .middleware('breaker', {
      ...breaker,
      options: { ...breaker.options, expression: 'LatencyAtQuantileMS(50.0) > 50' },
    })
    .router('r', { middlewares: ['breaker'] })
    .start();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const asked = await replica.connection(0);
  await asked.sees('\r\n\r\n');
  asked.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no');
  await client.sees('\r\n\r\no');
  await new Promise((resolve) => setTimeout(resolve, 60));
  asked.send('k');
  await client.sees('\r\n\r\nok');
  await until('it opens', async () => (await status(web.port, '/')) === 429);
});
