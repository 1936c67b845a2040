import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from 'undici';
import type { UpstreamHandler, UpstreamRequest } from '../../../../src/data-plane/live-state/upstream.ts';
import { openUpstream } from '../../../../src/data-plane/upstream/open-upstream.ts';
import { toGatewayError } from '../../../../src/data-plane/upstream/to-gateway-error.ts';
import { type FaultCode, GatewayError } from '../../../../src/model/errors.ts';
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

test('an idle connection is used again, the one used last first', async () => {
  await using server = await scriptedUpstream(answering(ok()));
  const upstream = openUpstream(server.url);
  for (let at = 0; at < 3; at++) {
    const { seen, handler, over } = notes();
    const exchange = upstream.send(request, handler);
    await over();
    assert.deepEqual(seen, ['head 200', 'data ok', 'end']);
    assert.equal(exchange.reused, at > 0);
  }
  assert.equal(server.connections.length, 1);
  upstream.close();
  await server.connections[0]?.closed();
});

test('requests at the same time have connections of their own', async () => {
  await using server = await scriptedUpstream();
  const upstream = openUpstream(server.url);
  const all = [notes(), notes(), notes()];
  for (const { handler } of all) upstream.send(request, handler);
  for (let at = 0; at < 3; at++) (await server.connection(at)).send(ok());
  for (const { over } of all) await over();
  upstream.close();
});

test('idle connections close after their time, before uvicorn would close them', async () => {
  await using server = await scriptedUpstream(answering(ok()));
  const upstream = openUpstream(server.url, { connectTimeoutMs: 1_000, keepAliveMs: 100 });
  const { handler, over } = notes();
  upstream.send(request, handler);
  await over();
  await server.connections[0]?.closed();
  const second = notes();
  const exchange = upstream.send(request, second.handler);
  await second.over();
  assert.equal(exchange.reused, false);
  upstream.close();
});

test('a closed pool finishes what is under way', async () => {
  await using server = await scriptedUpstream();
  const upstream = openUpstream(server.url);
  const { seen, handler, over } = notes();
  upstream.send(request, handler);
  const connection = await server.connection(0);
  await connection.sees('\r\n\r\n');
  upstream.close();
  connection.send(ok('late'));
  await over();
  assert.deepEqual(seen, ['head 200', 'data late', 'end']);
  await connection.closed();
});

test('an abort ends it whatever its state, and is told once', async () => {
  await using server = await scriptedUpstream();
  const upstream = openUpstream(server.url);
  const early = notes();
  upstream.send(request, early.handler).abort();
  await early.over();
  const late = notes();
  const exchange = upstream.send(request, late.handler);
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

test('a connection that does not stand in time is a timeout of its own', async () => {
  // It accepts, and then says nothing to the TLS handshake.
  await using server = await scriptedUpstream();
  const upstream = openUpstream(server.url.replace('http:', 'https:'), {
    connectTimeoutMs: 200,
    keepAliveMs: 100,
  });
  const { seen, handler, over } = notes();
  upstream.send(request, handler);
  await over();
  assert.deepEqual(seen, ['error upstream-connect-timeout']);
  upstream.close();
});

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
