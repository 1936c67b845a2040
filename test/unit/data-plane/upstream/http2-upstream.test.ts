import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { UpstreamHandler, UpstreamRequest } from '../../../../src/data-plane/live-state/upstream.ts';
import { openUpstream } from '../../../../src/data-plane/upstream/open-upstream.ts';
import { endHeaders, endStream, frame, parseFrames, preface, uint32 } from '../../../support/http2-frames.ts';
import { bodyOf } from '../../../support/request-body.ts';
import {
  type ScriptedUpstream,
  scriptedUpstream,
  type UpstreamConnection,
} from '../../../support/scripted-upstream.ts';
import { until } from '../../../support/until.ts';

const request: UpstreamRequest = {
  method: 'GET',
  target: '/',
  host: 'a.test',
  fields: [],
  body: undefined,
  upgrade: undefined,
};

/** `:status: 200` of HPACK's static table (RFC 7541 appendix A). */
const status200 = '\x88';
const noError = 0;
const internalError = 2;
const refusedStream = 7;
const maxConcurrentStreams = '\0\x03';

function notes() {
  const seen: string[] = [];
  const handler: UpstreamHandler = {
    onInformation: (status) => void seen.push(`information ${status}`),
    onHead: (status, _fields, isLast) =>
      void seen.push(isLast === true ? `last head ${status}` : `head ${status}`),
    onData: (chunk) => seen.push(`data ${chunk}`) > 0,
    onEnd: (trailers) => void seen.push(['end', ...trailers].join(' ')),
    onUpgrade: () => void seen.push('upgrade'),
    onError: ({ code }) => void seen.push(`error ${code}`),
  };
  const over = () => until(`it is over: ${seen}`, () => /^(?:end|error)/.test(seen.at(-1) ?? ''));
  return { seen, handler, over };
}

/** A server of HTTP/2 that says its settings, and no more by itself. */
function http2Server(settings = ''): Promise<ScriptedUpstream> {
  return scriptedUpstream((connection) => connection.send(frame('settings', 0, 0, settings)));
}

const originOf = ({ port }: { readonly port: number }): string => `h2c://127.0.0.1:${port}`;

/** Waits for the head of a stream. */
async function head(connection: UpstreamConnection, stream: number): Promise<void> {
  await until(`head of stream ${stream}`, () =>
    framesOf(connection).some((sent) => sent.type === 1 && sent.stream === stream),
  );
}

function framesOf({ received }: UpstreamConnection) {
  return parseFrames(received.slice(preface.indexOf('SM\r\n\r\n') + 6));
}

const endings = [
  { name: 'a reset without an error', frames: frame('reset', 0, 1, uint32(noError)) },
  { name: 'a reset by an error', frames: frame('reset', 0, 1, uint32(internalError)) },
];
for (const { name, frames } of endings) {
  test(`an answer that ends by ${name} is not whole`, async () => {
    await using server = await http2Server();
    const upstream = openUpstream(originOf(server));
    const { seen, handler, over } = notes();
    upstream.send(request, handler);
    const connection = await server.connection(0);
    await head(connection, 1);
    connection.send(frame('headers', endHeaders, 1, status200) + frame('data', 0, 1, 'part') + frames);
    await over();
    assert.deepEqual(seen, ['head 200', 'data part', 'error upstream-reset']);
    upstream.close();
  });
}

test('an answer that comes before the whole request is whole, though a reset follows in the same packet', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  const { seen, handler, over } = notes();
  const body = new PassThrough();
  body.write('begin');
  let isCancelled = false;
  const cancelled = bodyOf(body, () => {
    isCancelled = true;
  });
  upstream.send({ ...request, method: 'POST', body: cancelled }, handler);
  const connection = await server.connection(0);
  await head(connection, 1);
  connection.send(
    frame('headers', endHeaders, 1, status200) +
      frame('data', endStream, 1, 'early') +
      frame('reset', 0, 1, uint32(noError)),
  );
  await over();
  assert.deepEqual(seen, ['head 200', 'data early', 'end']);
  assert.equal(isCancelled, true);
  upstream.close();
});

test('a head that is all of the answer is given as the last', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  const { seen, handler, over } = notes();
  upstream.send(request, handler);
  const connection = await server.connection(0);
  await head(connection, 1);
  connection.send(frame('headers', endHeaders | endStream, 1, status200));
  await over();
  assert.deepEqual(seen, ['last head 200', 'end']);
  upstream.close();
});

test('a refused request has touched nothing, and one behind a GOAWAY neither', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  const refused = notes();
  upstream.send(request, refused.handler);
  const connection = await server.connection(0);
  await head(connection, 1);
  connection.send(frame('reset', 0, 1, uint32(refusedStream)));
  await refused.over();
  assert.deepEqual(refused.seen, ['error upstream-refused']);

  const late = notes();
  upstream.send(request, late.handler);
  await head(connection, 3);
  connection.send(frame('goaway', 0, 0, uint32(1) + uint32(noError)));
  await late.over();
  assert.deepEqual(late.seen, ['error upstream-refused']);

  const next = notes();
  upstream.send(request, next.handler);
  const second = await server.connection(1);
  await head(second, 1);
  second.send(frame('headers', endHeaders | endStream, 1, status200));
  await next.over();
  assert.deepEqual(next.seen, ['last head 200', 'end']);
  upstream.close();
});

test('a refused request whose body was sent is not said to be untouched', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  const { seen, handler, over } = notes();
  const body = new PassThrough();
  body.end('all');
  upstream.send({ ...request, method: 'POST', body: bodyOf(body) }, handler);
  const connection = await server.connection(0);
  await connection.sees('all');
  connection.send(frame('reset', 0, 1, uint32(refusedStream)));
  await over();
  assert.deepEqual(seen, ['error upstream-reset']);
  upstream.close();
});

test('a body that breaks off ends in a reset and never in END_STREAM', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  for (const [at, stop] of ['client', 'lane'].entries()) {
    const { seen, handler, over } = notes();
    const body = new PassThrough();
    body.write(`begin ${stop}`);
    const exchange = upstream.send({ ...request, method: 'POST', body: bodyOf(body) }, handler);
    const connection = await server.connection(0);
    await connection.sees(`begin ${stop}`);
    if (stop === 'client') body.destroy();
    else exchange.abort();
    await over();
    assert.deepEqual(seen, ['error client-closed']);
    const stream = 1 + 2 * at;
    await until('a reset', () =>
      framesOf(connection).some((sent) => sent.type === 3 && sent.stream === stream),
    );
    const ends = framesOf(connection).filter(
      (sent) => sent.type === 0 && sent.stream === stream && sent.flags & endStream,
    );
    assert.deepEqual(ends, []);
  }
  upstream.close();
});

test('requests beyond what a connection takes get another one', async () => {
  await using server = await http2Server(maxConcurrentStreams + uint32(1));
  const upstream = openUpstream(originOf(server));
  const all = [notes(), notes()];
  for (const { handler } of all) upstream.send(request, handler);
  // Neither is answered before both are there: the first connection has room again then, and may be the quicker one.
  const connections = [await server.connection(0), await server.connection(1)];
  for (const connection of connections) await head(connection, 1);
  for (const connection of connections) {
    connection.send(frame('headers', endHeaders | endStream, 1, status200));
  }
  for (const { over, seen } of all) {
    await over();
    assert.deepEqual(seen, ['last head 200', 'end']);
  }
  upstream.close();
});

test('a connection serves one request after the other', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  for (const stream of [1, 3, 5]) {
    const { handler, over } = notes();
    const exchange = upstream.send(request, handler);
    const connection = await server.connection(0);
    await head(connection, stream);
    connection.send(frame('headers', endHeaders | endStream, stream, status200));
    await over();
    assert.equal(exchange.reused, stream > 1);
  }
  assert.equal(server.connections.length, 1);
  upstream.close();
  await server.connections[0]?.closed();
});

test('a closed pool finishes what is under way', async () => {
  await using server = await http2Server();
  const upstream = openUpstream(originOf(server));
  const { seen, handler, over } = notes();
  upstream.send(request, handler);
  const connection = await server.connection(0);
  await head(connection, 1);
  upstream.close();
  connection.send(frame('headers', endHeaders, 1, status200) + frame('data', endStream, 1, 'last'));
  await over();
  assert.deepEqual(seen, ['head 200', 'data last', 'end']);
  await connection.closed();
});

test('a connection that fails is told as it failed', async () => {
  await using http1 = await scriptedUpstream((connection) => {
    connection.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
  });
  await using silent = await scriptedUpstream();
  await using gone = await scriptedUpstream();
  await gone.close();
  const cases = [
    { server: http1, expected: 'error upstream-protocol' },
    { server: silent, expected: 'error upstream-connect-timeout' },
    { server: gone, expected: 'error upstream-refused' },
  ];
  for (const { server, expected } of cases) {
    const upstream = openUpstream(originOf(server), { connectTimeoutMs: 300, keepAliveMs: 1_000 });
    const { seen, handler, over } = notes();
    upstream.send(request, handler);
    await over();
    assert.deepEqual(seen, [expected]);
    upstream.close();
  }
});

test('a request given up before its connection stands is not sent', async () => {
  await using server = await scriptedUpstream();
  const upstream = openUpstream(originOf(server));
  const { seen, handler, over } = notes();
  upstream.send(request, handler).abort();
  await over();
  assert.deepEqual(seen, ['error client-closed']);
  const next = notes();
  upstream.send(request, next.handler);
  const connection = await server.connection(0);
  connection.send(frame('settings', 0, 0, ''));
  await head(connection, 1);
  connection.send(frame('headers', endHeaders | endStream, 1, status200));
  await next.over();
  assert.equal(framesOf(connection).filter(({ type }) => type === 1).length, 1);
  upstream.close();
});

test('a server that takes no requests at all is given up in the time for connecting', async () => {
  await using server = await http2Server(maxConcurrentStreams + uint32(0));
  const upstream = openUpstream(originOf(server), { connectTimeoutMs: 200, keepAliveMs: 1_000 });
  const { seen, handler, over } = notes();
  upstream.send(request, handler);
  await over();
  assert.deepEqual(seen, ['error upstream-connect-timeout']);
  upstream.close();
});
