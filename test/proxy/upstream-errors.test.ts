// What a client hears when a replica fails, and when a request is tried again.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { gateway, gatewayTo } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream, type UpstreamConnection } from '../support/scripted-upstream.ts';

const get = (port: number, fields = '') =>
  rawRequest(port, `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`);

/** A URL on which nobody listens. */
async function refusingUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const closing = (connection: UpstreamConnection) =>
  connection.socket.once('data', () => connection.socket.end());

test('each way to fail has its own status and code', async () => {
  const cases: readonly (readonly [string, number, string])[] = [
    [await refusingUrl(), 502, 'upstream-refused'],
    [await refusingUrl().then((url) => url.replace('http:', 'h2c:')), 502, 'upstream-refused'],
    ['http://name.invalid:80', 502, 'upstream-unreachable'],
  ];
  for (const [url, status, code] of cases) {
    await using web = await gatewayTo(url).start();
    const answer = await get(web.port, 'Accept: application/json\r\n');
    assert.equal(answer.status, status, url);
    assert.equal(JSON.parse(answer.rest).error.code, code, url);
    await web.quiet();
    assert.ok((web.load('s', 's-0')?.failures ?? 0) >= 1);
  }
  const upstreams: readonly (readonly [string, (connection: UpstreamConnection) => void, string])[] = [
    ['closes', closing, 'upstream-reset'],
    ['resets', ({ socket }) => socket.once('data', () => socket.resetAndDestroy()), 'upstream-reset'],
    ['speaks no HTTP', answering('SSH-2.0-OpenSSH_9.2\r\n\r\n'), 'upstream-protocol'],
    [
      'sends two lengths',
      answering('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'),
      'upstream-protocol',
    ],
    [
      'changes the protocol unasked',
      answering('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      'upstream-protocol',
    ],
    [
      'sends an endless head',
      answering(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(300_000)}\r\n\r\n`),
      'upstream-protocol',
    ],
  ];
  for (const [name, behaviour, code] of upstreams) {
    await using upstream = await scriptedUpstream(behaviour);
    await using web = await gatewayTo(upstream.url).start();
    const answer = await get(web.port, 'Accept: application/json\r\n');
    assert.equal(answer.status, 502, name);
    assert.equal(JSON.parse(answer.rest).error.code, code, name);
  }
});

test('a server that does not speak TLS on an https address is a TLS fault', async () => {
  await using upstream = await scriptedUpstream(closing);
  await using web = await gatewayTo(upstream.url.replace('http:', 'https:')).start();
  const answer = await get(web.port, 'Accept: application/json\r\n');
  assert.equal(JSON.parse(answer.rest).error.code, 'upstream-tls');
});

test('an error is JSON, text or a page, by what the client asks for, with the request id', async () => {
  await using web = await gatewayTo(await refusingUrl()).start();
  const json = await get(web.port, 'Accept: application/problem+json, text/html\r\nX-Request-Id: me-1\r\n');
  assert.equal(json.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.deepEqual(JSON.parse(json.rest), {
    error: {
      code: 'upstream-refused',
      status: 502,
      message: 'The replica refused the connection.',
      requestId: 'me-1',
    },
  });
  const text = await get(web.port, 'Accept: */*\r\nX-Request-Id: me-2\r\n');
  assert.equal(text.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.match(text.rest, /^502 Bad Gateway: The replica refused[\s\S]*code: upstream-refused[\s\S]*me-2/);
  const html = await get(web.port, 'Accept: text/html,application/json;q=0.9\r\nX-Request-Id: me-3\r\n');
  assert.equal(html.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(html.rest, /<h1>502 Bad Gateway<\/h1>[\s\S]*me-3/);
  for (const { headers } of [json, text, html]) {
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('x-request-id') ?? '', /^me-/);
  }
});

test('without a configuration, a router, a server or a ready replica each says so', async () => {
  await using blank = await gateway().start();
  const notConfigured = await get(blank.port);
  assert.equal(notConfigured.status, 503);
  assert.equal(notConfigured.headers.get('retry-after'), '1');
  assert.match(notConfigured.rest, /not-configured/);
  await using web = await gateway()
    .service('none', [])
    .service('resting', [
      { url: 'http://127.0.0.1:1', state: 'starting' },
      { url: 'http://127.0.0.1:1', state: 'starting' },
      { url: 'http://127.0.0.1:1', state: 'unhealthy' },
      { state: 'paused' },
    ])
    .router('none', { rule: 'Host(`none`)', service: 'none' })
    .router('resting', { rule: 'Host(`resting`)', service: 'resting' })
    .start();
  const ask = (host: string) =>
    rawRequest(web.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const nobody = await ask('other');
  assert.equal(nobody.status, 404);
  assert.match(nobody.rest, /no-router/);
  assert.match((await ask('none')).rest, /no-server/);
  const resting = await ask('resting');
  assert.equal(resting.status, 503);
  assert.ok(Number(resting.headers.get('retry-after')) >= 1);
  assert.match(resting.rest, /4 replicas: 2 starting, 1 unhealthy, 1 paused/);
});

test('a replica with a health check gets requests only while its verdict is up', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  const healthCheck = {
    path: '/',
    mode: 'http',
    method: 'GET',
    status: 0,
    interval: 1,
    unhealthyInterval: 1,
    timeout: 1,
    followRedirects: true,
    headers: {},
  } as const;
  await using web = await gateway().service('s', [upstream.url], { healthCheck }).router('r').start();
  const verdict = (word: 'up' | 'down' | 'unknown') =>
    web.plane.setVerdicts([{ service: 's', replica: 's-0', verdict: word }]);
  assert.match((await get(web.port)).rest, /1 replica: 1 not checked yet/);
  verdict('up');
  assert.equal((await get(web.port)).status, 200);
  verdict('down');
  assert.match((await get(web.port)).rest, /1 failing the health check/);
  verdict('up');
  assert.equal((await get(web.port)).status, 200);
});

test('a refused request is tried once on another replica, whatever its method', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(await refusingUrl(), upstream.url).start();
  for (let at = 0; at < 6; at++) {
    assert.equal((await get(web.port)).status, 200);
    const post = await rawRequest(
      web.port,
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody',
    );
    assert.equal(post.status, 200);
  }
  assert.equal(upstream.received.match(/body/g)?.length, 6, 'bodies have not been lost or sent twice');
});

test('a request whose replica dies before it answers is tried once on another one, where that can do no harm', async () => {
  await using dying = await scriptedUpstream(closing);
  await using alive = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(dying.url, alive.url).start();
  for (let at = 0; at < 4; at++) assert.equal((await get(web.port)).status, 200);
  assert.ok(dying.connections.length > 0, 'the dying one was asked');
  const posts = [];
  for (let at = 0; at < 4; at++) {
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody';
    posts.push((await rawRequest(web.port, head)).status);
  }
  assert.deepEqual(posts.toSorted(), [200, 200, 502, 502], 'a POST is not sent twice');
});

test('a request that kills every replica is given up after the second', async () => {
  await using one = await scriptedUpstream(closing);
  await using two = await scriptedUpstream(closing);
  await using three = await scriptedUpstream(closing);
  await using web = await gatewayTo(one.url, two.url, three.url).start();
  assert.equal((await get(web.port)).status, 502);
  assert.equal([one, two, three].filter(({ connections }) => connections.length > 0).length, 2);
});

test('where there is no other replica, a bodiless idempotent request is tried again on a new connection', async () => {
  // Every connection answers one request and closes on the second without a word.
  let requests = 0;
  await using upstream = await scriptedUpstream((connection) => {
    let served = 0;
    connection.socket.on('data', () => {
      requests += 1;
      if (served === 0) connection.send(ok());
      else connection.socket.destroy();
      served += 1;
    });
  });
  await using web = await gatewayTo(upstream.url).start();
  assert.equal((await get(web.port)).status, 200);
  assert.equal((await get(web.port)).status, 200, 'tried again on a new connection');
  assert.equal(requests, 3);
  const post = await rawRequest(
    web.port,
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
  );
  assert.equal(post.status, 502);
  assert.equal(requests, 4);
});

test('a connection that the upstream closes while idle costs nobody a request', async () => {
  await using upstream = await scriptedUpstream((connection) => {
    connection.socket.on('data', () => {
      connection.send(ok());
      setTimeout(() => connection.socket.end(), 5);
    });
  });
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  for (let at = 1; at <= 20; at++) {
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
    await client.sees(new RegExp(`(?:HTTP/1\\.1 200[\\s\\S]*?ok){${at}}`));
    await new Promise((resolve) => setTimeout(resolve, at));
  }
});
