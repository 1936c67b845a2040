// What a client of HTTP/2 may cost: floods end its connection while others stay served, and nothing lasts for ever.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { gateway, gatewayTo } from '../support/gateway.ts';
import { answerOn, http2Client } from '../support/http2-client.ts';
import {
  endHeaders,
  endStream,
  frame,
  goawayCode,
  headerBlock,
  headers,
  parseFrames,
  preface,
  uint32,
} from '../support/http2-frames.ts';
import { clientOn, type RawClient, rawClient } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const enhanceYourCalm = 11;
const ack = 1;

/** Sends until the other side has had enough. */
async function flood(client: RawClient, part: (at: number) => string, most: number): Promise<void> {
  for (let at = 0; at < most && !client.isClosed; at++) {
    client.send(part(at));
    if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a client is asked at once whether it is there; an answer that nobody asked for does no harm', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send(preface + frame('ping', ack, 0, 'unasked.') + frame('ping', 0, 0, 'asked...'));
  await until('the answer', () => client.received.includes('asked...'));
  assert.ok(parseFrames(client.received).some(({ type, flags }) => type === 6 && flags === 0));
  assert.doesNotMatch(client.received, /unasked/);
  assert.equal(client.isClosed, false);
});

test('a rapid reset ends the connection; others stay served', async () => {
  await using upstream = await scriptedUpstream(
    answering((head) => (head.startsWith('GET /fine ') ? ok('fine') : '')),
  );
  await using web = await gatewayTo(upstream.url).start();
  await using control = await http2Client(`http://127.0.0.1:${web.port}`);
  using client = await rawClient(web.port);
  client.send(preface);
  const opened = flood(
    client,
    (at) =>
      headers(2 * at + 1, { ':path': '/slow' }, endHeaders | endStream) +
      frame('reset', 0, 2 * at + 1, uint32(8)),
    5_000,
  );
  for (let at = 0; at < 10; at++) assert.equal((await control.request('/fine')).body, 'fine');
  await opened;
  await client.ended();
  assert.equal(goawayCode(client.received), enhanceYourCalm);
  assert.equal((await control.request('/fine')).body, 'fine');
  await web.quiet();
});

test('a head that unpacks to too much is refused before it is kept; others stay served', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).start();
  await using control = await http2Client(`http://127.0.0.1:${web.port}`);
  using client = await rawClient(web.port);
  // One field of 4,000 bytes enters the table (RFC 7541 §6.2.1); then each byte on the wire means all of it again.
  const entry = `\x40\x01x\x7f${String.fromCharCode(0x80 | ((3000 - 127) & 127), (3000 - 127) >> 7)}${'v'.repeat(3000)}`;
  client.send(
    preface + frame('headers', endHeaders | endStream, 1, headerBlock({}) + entry + '\xbe'.repeat(8_000)),
  );
  await until('the stream is refused', () => client.isClosed || /\x03\0\0\0\0\x01/.test(client.received));
  assert.equal((await control.request('/fine')).body, 'fine');
  assert.doesNotMatch(upstream.received, /vvv/);
});

test('a request with too many fields is answered 431', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  const names = Array.from({ length: 1_200 }, (_, at) => [`x-${at}`, '1']);
  const refused = await client.request('/', { fields: Object.fromEntries(names) });
  assert.equal(refused.status, 431);
  assert.equal(upstream.received, '');
  assert.equal((await client.request('/')).body, 'fine');
});

test('the limit of heads is the one of the entry point, when that is less', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).entryPoint({ maxHeaderBytes: 8_192 }).start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  const ask = async (length: number) => {
    const { status, code } = await client.request('/', { fields: { 'x-a': 'a'.repeat(length) } });
    return { status, code };
  };
  assert.deepEqual(await ask(6_000), { status: 200, code: 0 });
  assert.deepEqual(await ask(9_000), { status: 431, code: 0 });
  assert.deepEqual(await ask(20_000), { status: 0, code: enhanceYourCalm });
  assert.doesNotMatch(upstream.received, /a{9000}/);
  assert.equal((await client.request('/')).body, 'fine');
});

const floods: Readonly<Record<string, (at: number) => string>> = {
  CONTINUATION: (at) =>
    at === 0 ? frame('headers', 0, 1, headerBlock({})) : frame('continuation', 0, 1, '\0\x01a\x01b'),
  SETTINGS: () => frame('settings', 0, 0, ''),
  PING: () => frame('ping', 0, 0, '12345678'),
  'empty DATA': (at) => (at === 0 ? headers(1, { ':method': 'POST' }) : frame('data', 0, 1, '')),
};

for (const [name, part] of Object.entries(floods)) {
  test(`a flood of ${name} frames from a client that does not read ends; others stay served`, async () => {
    await using upstream = await scriptedUpstream(
      answering((head) => (head.startsWith('GET /fine ') ? ok('fine') : '')),
    );
    await using web = await gatewayTo(upstream.url).start();
    await using control = await http2Client(`http://127.0.0.1:${web.port}`);
    using client = await rawClient(web.port);
    client.send(preface);
    if (name !== 'CONTINUATION' && name !== 'empty DATA') client.socket.pause();
    const frames: string[] = [];
    for (let at = 0; at < 100_000; at++) frames.push(part(at));
    client.send(frames.join(''));
    for (let at = 0; at < 10; at++) assert.equal((await control.request('/fine')).body, 'fine');
    if (client.socket.isPaused()) client.socket.resume();
    await client.ended();
    assert.equal((await control.request('/fine')).body, 'fine');
  });
}

test('so many requests at once as the entry point says', async () => {
  await using upstream = await scriptedUpstream();
  const http2 = { maxConcurrentStreams: 2, maxDecoderHeaderTableSize: 4096, maxEncoderHeaderTableSize: 4096 };
  await using web = await gatewayTo(upstream.url).entryPoint({ http2 }).start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  await until('the settings came', () => client.session.remoteSettings.maxConcurrentStreams === 2);
  const answers = [1, 2, 3].map((at) => client.request(`/${at}`));
  const second = await upstream.connection(1);
  await second.sees('\r\n\r\n');
  assert.equal(upstream.connections.length, 2);
  second.send(ok('second'));
  await until('the third is sent', () => /GET \/3 /.test(upstream.received));
  for (const connection of upstream.connections) connection.send(ok('rest'));
  for (const answer of answers) assert.equal((await answer).status, 200);
});

test('at the end clients are asked to leave, and what has begun is finished', async () => {
  await using upstream = await scriptedUpstream();
  const web = await gatewayTo(upstream.url).start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  await using idle = await http2Client(`http://127.0.0.1:${web.port}`);
  const answer = client.request('/begun');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  let code: number | undefined;
  client.session.on('goaway', (reason) => {
    code = reason;
  });
  const closed = web.close();
  await until('the idle connection is closed', () => idle.session.closed);
  await until('the client is told', () => code !== undefined);
  assert.equal(code, 0);
  replica.send(ok('finished'));
  assert.equal((await answer).body, 'finished');
  await closed;
});

test('a connection ends after keepAliveMaxRequests', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).entryPoint({ keepAliveMaxRequests: 3 }).start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  for (let at = 0; at < 3; at++) assert.equal((await client.request('/')).body, 'fine');
  await until('the connection is closed', () => client.session.closed);
});

test('a connection without requests ends after idleTimeout, one without a head sooner', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).entryPoint({ idleTimeoutMs: 1_000 }).start();
  await using idle = await http2Client(`http://127.0.0.1:${web.port}`);
  assert.equal((await idle.request('/')).body, 'fine');
  await until('the idle connection is closed', () => idle.session.closed);

  await using strict = await gatewayTo(upstream.url).entryPoint({ readTimeoutMs: 1_000 }).start();
  using client = await rawClient(strict.port);
  client.send(preface + frame('headers', 0, 1, headerBlock({})));
  await client.ended();
});

test('a client that says good-bye and does not close is cut off; others stay served', async () => {
  await using upstream = await scriptedUpstream(answering(ok('fine')));
  await using web = await gatewayTo(upstream.url).start();
  await using control = await http2Client(`http://127.0.0.1:${web.port}`);
  using client = clientOn(connect({ port: web.port, host: '127.0.0.1', allowHalfOpen: true }));
  let hasEnded = false;
  client.socket.once('end', () => {
    hasEnded = true;
  });
  client.send(preface + frame('goaway', 0, 0, uint32(0) + uint32(0)));
  await until('the gateway ends its side', () => hasEnded);
  assert.equal(client.isClosed, false);
  // Bytes for a connection that is not there any more are answered by a reset.
  await until('the connection is cut', () => {
    client.send('x');
    return client.isClosed;
  });
  assert.equal((await control.request('/fine')).body, 'fine');
});

test('a body that does not come is given up after readTimeout, an answer that does not end after writeTimeout', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url)
    .entryPoint({ readTimeoutMs: 1_000, writeTimeoutMs: 3_000 })
    .start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  const stream = client.open({ ':method': 'POST', ':path': '/up' });
  stream.write('half');
  const late = await answerOn(stream);
  assert.equal(late.status, 408);
  await (await upstream.connection(0)).closed();

  const endless = client.request('/endless');
  const replica = await upstream.connection(1);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n');
  assert.notEqual((await endless).code, 0);
  await replica.closed();
});

test('clients of gRPC hear of faults as a status of gRPC', async () => {
  await using web = await gateway().service('s', []).router('r').start();
  await using client = await http2Client(`http://127.0.0.1:${web.port}`);
  const answer = await client.request('/pkg.Service/Method', {
    body: '\0\0\0\0\0',
    fields: { 'content-type': 'application/grpc', te: 'trailers' },
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.fields['grpc-status'], '14');
  assert.equal(answer.fields['content-type'], 'application/grpc');
  assert.match(String(answer.fields['grpc-message']), /\w/);
  assert.equal(answer.body, '');
});
