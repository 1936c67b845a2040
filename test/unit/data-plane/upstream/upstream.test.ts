import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { errors } from 'undici';
import type {
  Upstream,
  UpstreamExchange,
  UpstreamHandler,
  UpstreamRequest,
  WireUpstream,
} from '../../../../src/data-plane/live-state/upstream.ts';
import { openUpstream } from '../../../../src/data-plane/upstream/open-upstream.ts';
import { toGatewayError } from '../../../../src/data-plane/upstream/to-gateway-error.ts';
import { sendOnWire } from '../../../../src/data-plane/upstream/wire/send-on-wire.ts';
import { type FaultCode, GatewayError } from '../../../../src/model/errors.ts';
import { bodyOf } from '../../../support/request-body.ts';
import { answering, ok, scriptedUpstream } from '../../../support/scripted-upstream.ts';
import { until } from '../../../support/until.ts';

const request: UpstreamRequest = {
  method: 'GET',
  target: '/',
  host: 'a',
  fields: [],
  body: undefined,
  upgrade: undefined,
};

/** A handler that notes what happens. */
function notes() {
  const seen: string[] = [];
  const handler: UpstreamHandler = {
    onInformation: (status) => void seen.push(`information ${status}`),
    onHead: (status) => void seen.push(`head ${status}`),
    onData: (chunk) => seen.push(`data ${chunk}`) > 0,
    onEnd: () => void seen.push('end'),
    onUpgrade: () => void seen.push('upgrade'),
    onError: ({ code }) => void seen.push(`error ${code}`),
  };
  return { seen, handler, over: () => until('it is over', () => /^(?:end|error)/.test(seen.at(-1) ?? '')) };
}

type Send = (upstream: Upstream, request: UpstreamRequest, handler: UpstreamHandler) => UpstreamExchange;

/** Both ways to send a request behave the same. */
const ways: readonly (readonly [string, Send])[] = [
  ['undici', (upstream, sent, handler) => upstream.send(sent, handler)],
  ['wire', (upstream, sent, handler) => sendOnWire(upstream.wire as WireUpstream, sent, handler)],
];

for (const [name, send] of ways) {
  test(`${name}: an idle connection is used again, the one used last first`, async () => {
    await using server = await scriptedUpstream(answering(ok()));
    const upstream = openUpstream(server.url);
    for (let at = 0; at < 3; at++) {
      const { seen, handler, over } = notes();
      const exchange = send(upstream, request, handler);
      await over();
      assert.deepEqual(seen, ['head 200', 'data ok', 'end']);
      assert.equal(exchange.reused, at > 0);
    }
    assert.equal(server.connections.length, 1);
    upstream.close();
    await server.connections[0]?.closed();
  });

  test(`${name}: requests at the same time have connections of their own`, async () => {
    await using server = await scriptedUpstream();
    const upstream = openUpstream(server.url);
    const all = [notes(), notes(), notes()];
    for (const { handler } of all) send(upstream, request, handler);
    for (let at = 0; at < 3; at++) (await server.connection(at)).send(ok());
    for (const { over } of all) await over();
    upstream.close();
  });

  test(`${name}: idle connections close after their time, before uvicorn would close them`, async () => {
    await using server = await scriptedUpstream(answering(ok()));
    const upstream = openUpstream(server.url, { connectTimeoutMs: 1_000, keepAliveMs: 100 });
    const { handler, over } = notes();
    send(upstream, request, handler);
    await over();
    await server.connections[0]?.closed();
    const second = notes();
    const exchange = send(upstream, request, second.handler);
    await second.over();
    assert.equal(exchange.reused, false);
    upstream.close();
  });

  test(`${name}: a closed pool finishes what is under way`, async () => {
    await using server = await scriptedUpstream();
    const upstream = openUpstream(server.url);
    const { seen, handler, over } = notes();
    send(upstream, request, handler);
    const connection = await server.connection(0);
    await connection.sees('\r\n\r\n');
    upstream.close();
    connection.send(ok('late'));
    await over();
    assert.deepEqual(seen, ['head 200', 'data late', 'end']);
    await connection.closed();
  });

  test(`${name}: an abort ends it whatever its state, and is told once`, async () => {
    await using server = await scriptedUpstream();
    const upstream = openUpstream(server.url);
    const early = notes();
    send(upstream, request, early.handler).abort();
    await early.over();
    const late = notes();
    const exchange = send(upstream, request, late.handler);
    const connection = await until('it has come', () =>
      server.connections.find(({ received }) => received.includes('\r\n\r\n')),
    );
    connection.send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart');
    await until('it has begun', () => late.seen.length === 2);
    exchange.abort();
    exchange.abort();
    await connection.closed();
    assert.deepEqual(early.seen, ['error client-closed']);
    assert.deepEqual(late.seen, ['head 200', 'data part', 'error client-closed']);
    upstream.close();
  });

  test(`${name}: a connection that does not stand in time is a timeout of its own`, async () => {
    // It accepts, and then says nothing to the TLS handshake.
    await using server = await scriptedUpstream();
    const upstream = openUpstream(server.url.replace('http:', 'https:'), {
      connectTimeoutMs: 200,
      keepAliveMs: 100,
    });
    const { seen, handler, over } = notes();
    send(upstream, request, handler);
    await over();
    assert.deepEqual(seen, ['error upstream-connect-timeout']);
    upstream.close();
  });

  test(`${name}: a body goes up in chunks, chunks and trailers come back unwrapped`, async () => {
    await using server = await scriptedUpstream((connection) => {
      connection.socket.on('data', () => {
        if (!connection.received.endsWith('0\r\n\r\n')) return;
        connection.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\none\r\n');
        connection.send('3\r\ntwo\r\n0\r\nX-Sum: 6\r\n\r\n');
      });
    });
    const upstream = openUpstream(server.url);
    const { seen, handler, over } = notes();
    const withTrailers = { ...handler, onEnd: (trailers: string[]) => void seen.push(`end ${trailers}`) };
    const body = Readable.from([Buffer.from('first'), Buffer.from('second')]);
    send(upstream, { ...request, method: 'POST', body: bodyOf(body) }, withTrailers);
    await over();
    assert.equal(
      seen
        .filter((note) => note.startsWith('data'))
        .map((note) => note.slice(5))
        .join(''),
      'onetwo',
    );
    assert.equal(seen.at(-1), 'end X-Sum,6');
    assert.match(
      server.received,
      /transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n$/i,
    );
    upstream.close();
  });

  test(`${name}: a body that breaks off never looks whole`, async () => {
    await using server = await scriptedUpstream();
    const upstream = openUpstream(server.url);
    const { seen, handler, over } = notes();
    const body = new PassThrough();
    send(upstream, { ...request, method: 'POST', body: bodyOf(body) }, handler);
    body.write('part');
    const connection = await server.connection(0);
    await connection.sees('part');
    body.destroy();
    await over();
    await connection.closed();
    assert.deepEqual(seen, ['error client-closed']);
    assert.doesNotMatch(connection.received, /0\r\n\r\n$/);
    upstream.close();
  });
}

test('codes of undici and Node become ours', () => {
  const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });
  const cases: readonly (readonly [unknown, 'connecting' | 'sent' | 'answered', FaultCode])[] = [
    [withCode('ECONNREFUSED'), 'connecting', 'upstream-refused'],
    [withCode('EHOSTUNREACH'), 'connecting', 'upstream-unreachable'],
    [withCode('ENOTFOUND'), 'connecting', 'upstream-unreachable'],
    [new errors.ConnectTimeoutError(), 'connecting', 'upstream-connect-timeout'],
    [withCode('ETIMEDOUT'), 'connecting', 'upstream-connect-timeout'],
    [withCode('ETIMEDOUT'), 'sent', 'upstream-timeout'],
    [new errors.HeadersTimeoutError(), 'sent', 'upstream-timeout'],
    [new errors.SocketError('other side closed'), 'sent', 'upstream-reset'],
    [withCode('ECONNRESET'), 'sent', 'upstream-reset'],
    [withCode('EPIPE'), 'sent', 'upstream-reset'],
    [withCode('CERT_HAS_EXPIRED'), 'connecting', 'upstream-tls'],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'connecting', 'upstream-tls'],
    [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'connecting', 'upstream-tls'],
    [
      withCode(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
      ),
      'connecting',
      'upstream-tls',
    ],
    [new errors.HTTPParserError('Invalid header'), 'sent', 'upstream-protocol'],
    [new errors.HTTPParserError('Invalid EOF state'), 'answered', 'upstream-reset'],
    [new errors.ResponseContentLengthMismatchError(), 'answered', 'upstream-reset'],
    [new errors.HeadersOverflowError(), 'sent', 'upstream-protocol'],
    [
      new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]),
      'connecting',
      'upstream-refused',
    ],
    [new GatewayError('client-closed'), 'sent', 'client-closed'],
    [new errors.InvalidArgumentError('invalid header'), 'connecting', 'internal'],
    ['a text', 'sent', 'internal'],
    [withCode('constructor'), 'sent', 'upstream-reset'],
  ];
  for (const [error, phase, code] of cases) {
    const ours = toGatewayError(error, phase);
    assert.equal(ours.code, code, String(error));
    if (!(error instanceof GatewayError)) assert.equal(ours.cause, error);
  }
});
