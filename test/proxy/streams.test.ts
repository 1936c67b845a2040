// Bodies both ways: each chunk passes when it comes, nobody buffers, and what is cut is never made to look whole.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const mebibyte = 'x'.repeat(1024 * 1024);

test('head and each chunk of an answer arrive before the upstream goes on', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET /pcm HTTP/1.1\r\nHost: a\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
  await client.sees(/^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\n$/);
  replica.send('3\r\none\r\n');
  await client.sees('3\r\none\r\n');
  replica.send('3\r\ntwo\r\n');
  await client.sees('3\r\ntwo\r\n');
  assert.doesNotMatch(client.received, /\r\n0\r\n/);
  replica.send('0\r\n\r\n');
  await client.sees('0\r\n\r\n');
  assert.match(client.received, /transfer-encoding: chunked/i);
});

test('each chunk of an upload arrives before the client goes on', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('one');
  client.send('3\r\ntwo\r\n');
  await replica.sees('two');
  client.send('0\r\n\r\n');
  await replica.sees('0\r\n\r\n');
  replica.send(ok('done'));
  await client.sees('done');
});

for (const framing of ['Content-Length', 'chunked']) {
  test(`every byte of a large upload arrives in its place, however the replica reads: ${framing}`, async () => {
    const body = positions(24 * mebibyte.length);
    const received = createHash('sha256');
    let bytes = 0;
    const server = createServer((request, response) => {
      request.on('data', (part: Buffer) => {
        received.update(part);
        // Now and then it stops, so that some of what the gateway writes has to wait and some has not.
        if (Math.floor((bytes + part.length) / 2e6) > Math.floor(bytes / 2e6)) {
          request.pause();
          setTimeout(() => request.resume(), 10);
        }
        bytes += part.length;
      });
      request.on('end', () => response.end('whole'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using gateway = await gatewayTo(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ).start();
    const sent = request({ port: gateway.port, method: 'POST', headers: { host: 'a' } });
    if (framing === 'Content-Length') sent.setHeader('content-length', body.length);
    for (let at = 0; at < body.length; at += 300_000) sent.write(body.subarray(at, at + 300_000));
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    response.resume();
    await once(response, 'end');
    assert.equal(bytes, body.length);
    assert.equal(received.digest('hex'), createHash('sha256').update(body).digest('hex'));
    server.close();
    server.closeAllConnections();
  });
}

for (const framing of ['Content-Length', 'chunked']) {
  test(`every byte of large downloads arrives in its place, however the clients read: ${framing}`, async () => {
    const body = positions(12 * mebibyte.length);
    const server = createServer((_request, response) => {
      if (framing === 'Content-Length') response.setHeader('content-length', body.length);
      for (let at = 0; at < body.length; at += 300_000) response.write(body.subarray(at, at + 300_000));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using gateway = await gatewayTo(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ).start();
    const download = async (pauseMs: number): Promise<Buffer> => {
      const [response] = (await once(get({ port: gateway.port, headers: { host: 'a' } }), 'response')) as [
        IncomingMessage,
      ];
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => {
        parts.push(part);
        if (pauseMs > 0 && parts.length % 40 === 0) {
          response.pause();
          setTimeout(() => response.resume(), pauseMs);
        }
      });
      await once(response, 'end');
      return Buffer.concat(parts);
    };
    const bodies = await Promise.all(Array.from({ length: 6 }, (_, at) => download(at % 3)));
    server.close();
    server.closeAllConnections();
    for (const received of bodies) assert.ok(received.equals(body));
  });
}

/** Each four bytes say where they are, so that memory used twice cannot go unnoticed. */
function positions(length: number): Buffer {
  const body = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) body.writeUInt32LE(at, at);
  return body;
}

test('GET and HEAD with a multipart body are forwarded as they are', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  const body = '--b\r\nContent-Disposition: form-data; name="tts_text"\r\n\r\nhello\r\n--b--\r\n';
  for (const [at, method] of ['GET', 'HEAD'].entries()) {
    using client = await rawClient(gateway.port);
    client.send(
      `${method} /inference_zero_shot HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const replica = await upstream.connection(at);
    await replica.sees('--b--\r\n');
    assert.match(replica.received, new RegExp(`^${method} /inference_zero_shot HTTP/1\\.1\r\n`));
    assert.match(replica.received, new RegExp(`\r\ncontent-length: ${body.length}\r\n`, 'i'));
    assert.doesNotMatch(replica.received, /transfer-encoding/i);
    assert.ok(replica.received.endsWith(`\r\n\r\n${body}`));
    replica.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    await client.sees('200 OK');
  }
});

test('a client that does not read stops the upstream, and a slow upstream stops the client', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET /big HTTP/1.1\r\nHost: a\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  client.socket.pause();
  replica.send(`HTTP/1.1 200 OK\r\nContent-Length: ${100 * mebibyte.length}\r\n\r\n`);
  const rssBefore = process.memoryUsage().rss;
  let written = 0;
  while (written < 100) {
    replica.send(mebibyte);
    written += 1;
    if (replica.socket.writableLength > 8 * mebibyte.length) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(written < 60, `the upstream was stopped after ${written} MiB`);
  assert.ok(process.memoryUsage().rss - rssBefore < 64 * mebibyte.length, 'nothing is piled up');
  client.socket.resume();
  for (; written < 100; written++) {
    if (!replica.socket.write(mebibyte))
      await new Promise((resolve) => replica.socket.once('drain', resolve));
  }
  await until('all has come', () => client.received.length > 100 * mebibyte.length);
  client.socket.destroy();

  using uploader = await rawClient(gateway.port);
  uploader.send(`PUT /big HTTP/1.1\r\nHost: a\r\nContent-Length: ${100 * mebibyte.length}\r\n\r\n`);
  await uploader.socket.write(mebibyte);
  const slow = await until('the upload has begun', () =>
    upstream.connections.find(({ received }) => received.includes('PUT /big')),
  );
  slow.socket.pause();
  let sent = 1;
  while (sent < 100 && uploader.socket.writableLength < 8 * mebibyte.length) {
    uploader.send(mebibyte);
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(sent < 60, `the client was stopped after ${sent} MiB`);
  uploader.socket.destroy();
  slow.socket.resume();
  await slow.closed();
});

test('a stream that the upstream cuts is never given a clean end', async () => {
  const cases = [
    { name: 'chunked', head: 'Transfer-Encoding: chunked\r\n', part: '3\r\none\r\n', shown: 'one' },
    { name: 'with a length', head: 'Content-Length: 10\r\n', part: 'one', shown: 'one' },
  ];
  for (const { name, head, part, shown } of cases) {
    for (const how of ['end', 'resetAndDestroy'] as const) {
      await using upstream = await scriptedUpstream();
      await using gateway = await gatewayTo(upstream.url).start();
      using client = await rawClient(gateway.port);
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const replica = await upstream.connection(0);
      await replica.sees('\r\n\r\n');
      replica.send(`HTTP/1.1 200 OK\r\n${head}\r\n${part}`);
      await client.sees(shown);
      replica.socket[how]();
      const received = await client.ended();
      assert.doesNotMatch(received, /\r\n0\r\n\r\n$/, name);
      await gateway.quiet();
      assert.equal(gateway.load('s', 's-0')?.failures, 1, `${name}, ${how}: counted as a failure`);
    }
  }
});

test('to an HTTP/1.0 client, for whom the close is the end, a cut is a reset', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.0\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  await client.sees('one');
  assert.doesNotMatch(client.received, /transfer-encoding/i);
  replica.socket.destroy();
  await client.ended();
  assert.ok(client.isReset);
});

test('an answer without a length ends with the connection of the upstream', async () => {
  await using upstream = await scriptedUpstream((connection) => {
    connection.socket.once('data', () => {
      connection.send('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end');
      connection.socket.end();
    });
  });
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.sees(/until the end\r\n0\r\n\r\n/);
});

test('a client that leaves before the answer ends the upstream request', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  const client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  await until('it is under way', () => gateway.load('s', 's-0')?.inFlight === 1);
  client.socket.destroy();
  await replica.closed();
  await gateway.quiet();
  assert.equal(gateway.load('s', 's-0')?.failures, 0);
});

test('a client that leaves in the middle of a stream ends it', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  const client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  await client.sees('one');
  client.socket.destroy();
  await replica.closed();
});

test('an upload that the client breaks off never looks whole to the upstream', async () => {
  const heads = ['Content-Length: 100\r\n\r\npart', 'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'];
  for (const head of heads) {
    for (const how of ['end', 'destroy', 'resetAndDestroy'] as const) {
      await using upstream = await scriptedUpstream();
      await using gateway = await gatewayTo(upstream.url).start();
      const client = await rawClient(gateway.port);
      client.send(`POST / HTTP/1.1\r\nHost: a\r\n${head}`);
      const replica = await upstream.connection(0);
      await replica.sees('part');
      client.socket[how]();
      await replica.closed();
      assert.doesNotMatch(replica.received, /\r\n0\r\n\r\n$/);
    }
  }
});

test('an answer before the end of the upload reaches the client, and the connection goes on', async () => {
  await using upstream = await scriptedUpstream((connection) => {
    connection.socket.once('data', () => {
      connection.send('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig');
      connection.socket.end();
    });
  });
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n0123456789');
  await client.sees(/413 [\s\S]*big/);
  client.send('0123456789GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.sees(/big[\s\S]*413 [\s\S]*big/);
});

test('100 is sent when the upstream is to be sent the body, not when the gateway answers itself', async () => {
  await using upstream = await scriptedUpstream(answering(ok('done')));
  await using gateway = await gatewayTo(upstream.url).router('r', { rule: 'Path(`/up`)' }).start();
  using client = await rawClient(gateway.port);
  client.send('POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
  await client.sees('HTTP/1.1 100 Continue\r\n\r\n');
  client.send('body');
  await client.sees('done');
  assert.doesNotMatch(upstream.received, /expect/i);
  client.send('POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n');
  const received = await client.ended();
  assert.match(received, /HTTP\/1\.1 404 Not Found\r\n[\s\S]*connection: close/i);
  assert.equal(received.match(/100 Continue/g)?.length, 1);
});

test('an expectation that nobody knows gets 417', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n');
  await client.sees(/^HTTP\/1\.1 417 /);
  assert.equal(upstream.received, '');
});

test('early hints pass, and other interim answers do no harm', async () => {
  await using upstream = await scriptedUpstream(
    answering(
      `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${ok('done')}`,
    ),
  );
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.sees(
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\n[\s\S]*200 OK[\s\S]*done$/,
  );
  using old = await rawClient(gateway.port);
  old.send('GET / HTTP/1.0\r\n\r\n');
  assert.match(await old.ended(), /^HTTP\/1\.1 200 OK/);
});

test('trailers reach a client that takes them, but for those that decide on the message', async () => {
  await using upstream = await scriptedUpstream(
    answering(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\nSet-Cookie: a=1\r\n\r\n',
    ),
  );
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n');
  await client.sees('0\r\nX-Sum: 42\r\n\r\n');
  using plain = await rawClient(gateway.port);
  plain.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await plain.sees('0\r\n\r\n');
  assert.doesNotMatch(plain.received, /X-Sum/);
  assert.doesNotMatch(client.received, /Set-Cookie/);
});
