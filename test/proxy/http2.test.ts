// HTTP/2 with prior knowledge, to replicas that speak HTTP/1.1: what each side gets of the other.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatewayTo } from '../support/gateway.ts';
import { answerOn, http2Client } from '../support/http2-client.ts';
import { endHeaders, endStream, frame, headers, preface, uint32 } from '../support/http2-frames.ts';
import { rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const { NGHTTP2_INTERNAL_ERROR } = constants;
const mebibyte = Buffer.alloc(1024 * 1024);

for (const lanes of ['all', 'fastify'] as const) {
  test(`a request becomes one of HTTP/1.1, and its answer comes back (lanes: ${lanes})`, async () => {
    await using upstream = await scriptedUpstream(
      answering(ok('hello', 'X-A: 1\r\nx-a: 2\r\nConnection: x-b\r\nX-B: 1\r\n')),
    );
    await using gateway = await gatewayTo(upstream.url).lanes(lanes).start();
    await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
    const answer = await client.request('/a?b=c', {
      fields: { cookie: ['a=1', 'b=2'], 'x-twice': ['1', '2'], ':authority': 'example.org:8443' },
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.body, 'hello');
    assert.equal(answer.code, 0);
    assert.equal(answer.fields['x-a'], '1, 2');
    assert.equal(answer.fields['x-b'], undefined);
    assert.equal(answer.fields.connection, undefined);
    assert.equal(answer.fields['content-length'], '5');
    assert.match(upstream.received, /^GET \/a\?b=c HTTP\/1\.1\r\nhost: example\.org:8443\r\n/i);
    assert.match(upstream.received, /\r\ncookie: a=1; b=2\r\n/);
    assert.match(upstream.received, /\r\nx-twice: 1\r\nx-twice: 2\r\n/);
    assert.match(upstream.received, /\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/);
    assert.match(upstream.received, /\r\nX-Forwarded-Port: 8443\r\n/);
    assert.doesNotMatch(upstream.received, /\r\n:|transfer-encoding|http2-settings/i);
  });
}

test('a client that closes its connection ends all of its requests upstream', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  using client = await rawClient(gateway.port);
  client.send(preface + headers(1, {}, endHeaders | endStream) + headers(3, { ':method': 'POST' }));
  for (const at of [0, 1]) await (await upstream.connection(at)).sees('\r\n\r\n');
  client.socket.end();
  for (const at of [0, 1]) await (await upstream.connection(at)).closed();
  await client.ended();
});

test('many requests of one connection are under way at once', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const answers = Array.from({ length: 20 }, (_, at) => client.request(`/${at}`));
  await upstream.connection(19);
  for (const connection of [...upstream.connections].reverse()) {
    await connection.sees('\r\n\r\n');
    connection.send(ok(/^GET (\S+)/.exec(connection.received)?.[1] ?? ''));
  }
  for (const [at, answer] of (await Promise.all(answers)).entries()) assert.equal(answer.body, `/${at}`);
});

test('each part of an upload and of an answer passes when it comes', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const stream = client.open({ ':method': 'POST', ':path': '/up' });
  let seen = '';
  stream.on('data', (chunk: Buffer) => {
    seen += chunk.toString('latin1');
  });
  stream.write('one');
  const replica = await upstream.connection(0);
  await replica.sees('3\r\none\r\n');
  assert.match(replica.received, /\r\ntransfer-encoding: chunked\r\n/i);
  stream.write('two');
  await replica.sees('3\r\ntwo\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n');
  await until('the first part came', () => seen === 'here');
  stream.end('end');
  await replica.sees('3\r\nend\r\n0\r\n\r\n');
  replica.send('0\r\n\r\n');
  await until('the stream is closed', () => stream.closed);
  assert.equal(stream.rstCode, 0);
});

test('a body with a length keeps it', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  await client.request('/', { body: 'hello', fields: { 'content-length': '5' } });
  await until('the body came', () => upstream.received.endsWith('\r\n\r\nhello'));
  assert.match(upstream.received, /\r\ncontent-length: 5\r\n/);
  assert.doesNotMatch(upstream.received, /transfer-encoding/i);
});

test('an upload that the client resets, by whatever code, never looks whole to the replica', async () => {
  for (const code of [8, 0]) {
    await using upstream = await scriptedUpstream();
    await using gateway = await gatewayTo(upstream.url).start();
    using client = await rawClient(gateway.port);
    client.send(preface + headers(1, { ':method': 'POST', ':path': '/up' }) + frame('data', 0, 1, 'half'));
    const replica = await upstream.connection(0);
    await replica.sees('4\r\nhalf\r\n');
    client.send(frame('reset', 0, 1, uint32(code)));
    await replica.closed();
    assert.ok(replica.received.endsWith('4\r\nhalf\r\n'), `code ${code}`);
    await gateway.quiet();
  }
});

test('a client that gives up ends the request upstream, and its connection serves on', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const stream = client.open({ ':path': '/slow' }, true);
  stream.on('error', () => {});
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  stream.destroy();
  await replica.closed();
  const next = client.request('/next');
  const second = await upstream.connection(1);
  await second.sees('/next');
  second.send(ok('fine'));
  assert.equal((await next).body, 'fine');
});

test('a replica that fails before its answer gives 502, one that fails within it a reset', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const before = client.request('/before', { body: 'x' });
  const first = await upstream.connection(0);
  await first.sees('0\r\n\r\n');
  first.socket.destroy();
  const refused = await before;
  assert.equal(refused.status, 502);
  assert.match(refused.body, /code: upstream-/);

  const within = client.request('/within');
  const second = await upstream.connection(1);
  await second.sees('/within');
  second.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
  await new Promise((resolve) => setImmediate(resolve));
  second.socket.end();
  const broken = await within;
  assert.equal(broken.status, 200);
  assert.equal(broken.body, 'half');
  assert.equal(broken.code, NGHTTP2_INTERNAL_ERROR);
});

test('a request goes to another replica when one refuses', async () => {
  await using gone = await scriptedUpstream();
  await gone.close();
  await using upstream = await scriptedUpstream(answering(ok('here')));
  await using gateway = await gatewayTo(gone.url, upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  for (let at = 0; at < 2; at++) assert.equal((await client.request('/')).body, 'here');
});

test('trailers pass both ways for those who take them, interim answers too', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const stream = client.open({ ':path': '/', te: 'trailers' }, true);
  let hints: unknown;
  stream.on('headers', (headers) => {
    hints = [headers[':status'], headers.link];
  });
  const answer = answerOn(stream);
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  assert.match(replica.received, /\r\nTE: trailers\r\n/i);
  replica.send('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n');
  await until('the hints came', () => hints);
  assert.deepEqual(hints, [103, '</a.css>']);
  replica.send(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=1\r\n\r\n',
  );
  const { body, trailers } = await answer;
  assert.equal(body, 'ok');
  assert.equal(trailers['x-sum'], '7');
  assert.equal(trailers['set-cookie'], undefined);
});

test('answers without a body end with their head', async () => {
  await using upstream = await scriptedUpstream(
    answering((head) => {
      if (head.startsWith('HEAD')) return 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n';
      if (head.includes('/304')) return 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n';
      return 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n';
    }),
  );
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const head = await client.request('/', { fields: { ':method': 'HEAD' } });
  assert.deepEqual([head.status, head.fields['content-length'], head.body, head.code], [200, '100', '', 0]);
  const notModified = await client.request('/304');
  assert.deepEqual([notModified.status, notModified.fields.etag, notModified.code], [304, '"a"', 0]);
  const noContent = await client.request('/204');
  assert.deepEqual(
    [noContent.status, noContent.fields['content-length'], noContent.code],
    [204, undefined, 0],
  );
});

test('the connection to a replica serves one request after the other', async () => {
  await using upstream = await scriptedUpstream(answering(ok('again')));
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  for (let at = 0; at < 3; at++) assert.equal((await client.request('/')).body, 'again');
  assert.equal(upstream.connections.length, 1);
});

test('a client that does not read stops the upstream, and no other stream', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const down = client.open({ ':path': '/big' }, true);
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send(`HTTP/1.1 200 OK\r\nContent-Length: ${64 * mebibyte.length}\r\n\r\n`);
  for (let at = 0; at < 64; at++) replica.socket.write(mebibyte);
  await until('the upstream is held up', () => replica.socket.writableLength > 32 * mebibyte.length);
  // Another stream of the same connection is served meanwhile.
  const other = client.request('/small');
  const second = await upstream.connection(1);
  await second.sees('/small');
  second.send(ok('small'));
  assert.equal((await other).body, 'small');
  let bytes = 0;
  down.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await until('all of it came', () => bytes === 64 * mebibyte.length);
});

test('a replica that does not read stops the client', async () => {
  await using upstream = await scriptedUpstream(({ socket }) => void socket.pause());
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const stream = client.open({ ':method': 'POST', ':path': '/up' });
  stream.on('error', () => {});
  let taken = 0;
  const pour = (): void => {
    stream.write(mebibyte, (error) => {
      if (error) return;
      taken += 1;
      pour();
    });
  };
  pour();
  await upstream.connection(0);
  let before = -1;
  await until('nothing more is taken', async () => {
    const isStill = taken === before;
    before = taken;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return isStill;
  });
  assert.ok(taken < 32, `${taken} MiB`);
  stream.destroy();
});

test('requests that cannot be judged are refused and reach nobody', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const refused: readonly (readonly [number, Record<string, string>])[] = [
    [400, { ':authority': 'a.example', host: 'b.example' }],
    [0, { ':path': 'no-slash' }],
    [400, { ':scheme': 'gopher' }],
    [400, { ':path': '/a/..%2fb' }],
    [400, { ':path': '/a\\..\\b' }],
    [0, { ':authority': 'user@a.example' }],
    [417, { expect: 'miracles' }],
  ];
  for (const [status, fields] of refused) {
    assert.equal((await client.request('/', { fields })).status, status, JSON.stringify(fields));
  }
  const connect = await answerOn(client.open({ ':method': 'CONNECT', ':authority': 'inner.example:22' }));
  assert.equal(connect.status, 405);
  assert.equal(upstream.received, '');
});

test('a client that waits for 100 gets it when a replica takes the body', async () => {
  await using upstream = await scriptedUpstream();
  await using gateway = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  const stream = client.open({ ':method': 'POST', ':path': '/', expect: '100-continue' });
  const answer = answerOn(stream);
  await new Promise<void>((resolve) => stream.once('continue', resolve));
  stream.end('body');
  const replica = await upstream.connection(0);
  await replica.sees('0\r\n\r\n');
  assert.doesNotMatch(replica.received, /expect/i);
  replica.send(ok('taken'));
  assert.equal((await answer).body, 'taken');
});

test('records say HTTP/2.0', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-'));
  const filePath = join(folder, 'access.log');
  await using upstream = await scriptedUpstream(answering(ok()));
  const gateway = await gatewayTo(upstream.url).accessLog({ filePath }).start();
  const client = await http2Client(`http://127.0.0.1:${gateway.port}`);
  await client.request('/x', { body: 'abc' });
  await client.close();
  await gateway.close();
  const line = JSON.parse(readFileSync(filePath, 'utf8'));
  rmSync(folder, { recursive: true });
  assert.equal(line.RequestProtocol, 'HTTP/2.0');
  assert.equal(line.DownstreamStatus, 200);
  assert.equal(line.RequestContentSize, 3);
  assert.equal(line.DownstreamContentSize, 2);
});
