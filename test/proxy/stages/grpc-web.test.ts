// grpcWeb on the wire, over HTTP/1.1 and HTTP/2, in front of a replica that speaks gRPC.
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { anyClients } from '../../support/any-client.ts';
import { type GatewayDraft, gateway } from '../../support/gateway.ts';
import { until } from '../../support/until.ts';

type Serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

async function grpcReplica(serve: Serve) {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    serve(stream as ServerHttp2Stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => void sessions.add(session));
  return {
    url: `h2c://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

/** Gives a message back, and its request's fields in the trailers. */
const echo: Serve = (stream, headers) => {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    stream.respond({ 'content-type': 'application/grpc+proto', 'x-of': 'it' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({
        'grpc-status': '0',
        'x-seen': `${headers['content-type']} ${headers['te']} ${headers['content-length']}`,
      });
    });
    stream.end(Buffer.concat(chunks));
  });
};

const web = (url: string): GatewayDraft =>
  gateway()
    .service('s', [url])
    .middleware('w', { kind: 'grpcWeb', options: { allowOrigins: ['https://a.test'] } })
    .router('r', { middlewares: ['w'] });

const message = Buffer.from([0, 0, 0, 0, 5, 1, 2, 3, 4, 5]);
const trailers = (text: string): Buffer => {
  const head = Buffer.from([0x80, 0, 0, 0, text.length]);
  return Buffer.concat([head, Buffer.from(text)]);
};

for (const client of anyClients) {
  test(`${client.name}: a call is translated both ways, its trailers in the last message`, async () => {
    await using replica = await grpcReplica(echo);
    await using served = await web(replica.url).start();
    const fields = { 'content-type': 'application/grpc-web+proto', origin: 'https://a.test' };
    const answer = await client.request(served.port, '/x.S/M', { fields, body: message });
    assert.equal(answer.status, 200);
    assert.equal(answer.fields['content-type'], 'application/grpc-web+proto');
    assert.equal(answer.fields['access-control-allow-origin'], 'https://a.test');
    assert.equal(answer.fields['access-control-allow-credentials'], 'true');
    assert.match(String(answer.fields['access-control-expose-headers']), /x-of.*grpc-status, grpc-message/);
    const seen = 'grpc-status: 0\r\nx-seen: application/grpc+proto trailers undefined\r\n';
    assert.deepEqual(answer.body, Buffer.concat([message, trailers(seen)]));
  });

  test(`${client.name}: base64 is decoded and encoded`, async () => {
    await using replica = await grpcReplica(echo);
    await using served = await web(replica.url).start();
    const fields = { 'content-type': 'application/grpc-web-text' };
    const exchange = client.open(served.port, '/x.S/M', { method: 'POST', fields });
    // Two messages, each padded for itself, cut in the middle of four characters.
    const text = message.toString('base64').repeat(2);
    exchange.sending.write(text.slice(0, 7));
    await new Promise((resolve) => setTimeout(resolve, 20));
    exchange.sending.end(text.slice(7));
    const answer = await exchange.over;
    assert.equal(answer.fields['content-type'], 'application/grpc-web-text+proto');
    assert.equal(answer.fields['access-control-allow-origin'], undefined, 'nobody has asked');
    const parts = answer.body.toString().match(/[^=]+=*/g) ?? [];
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
    const seen = 'grpc-status: 0\r\nx-seen: application/grpc trailers undefined\r\n';
    assert.deepEqual(bytes, Buffer.concat([message, message, trailers(seen)]));
  });

  test(`${client.name}: messages come as they are sent, and a failure without them stands in the head`, async () => {
    let stream: ServerHttp2Stream | undefined;
    await using replica = await grpcReplica((opened, headers) => {
      if (headers[':path'] === '/x.S/Fails') {
        opened.respond({ 'content-type': 'application/grpc', 'grpc-status': '7' }, { endStream: true });
        return;
      }
      stream = opened;
      opened.respond({ 'content-type': 'application/grpc' });
      opened.write(message);
    });
    await using served = await web(replica.url).start();
    const fields = { 'content-type': 'application/grpc-web' };
    const exchange = client.open(served.port, '/x.S/Streams', { method: 'POST', fields });
    exchange.sending.end(message);
    await exchange.head;
    await until('the first message has come', () => exchange.received().equals(message));
    stream?.end(message);
    assert.deepEqual((await exchange.over).body, Buffer.concat([message, message]));
    const failed = await client.request(served.port, '/x.S/Fails', { fields, body: message });
    assert.deepEqual([failed.status, failed.fields['grpc-status'], failed.body.length], [200, '7', 0]);
  });

  test(`${client.name}: browsers are told who may call, and all others pass as they are`, async () => {
    await using replica = await grpcReplica((stream, headers) => {
      stream.respond({ 'content-type': 'text/plain' });
      stream.end(`${headers[':method']} ${headers['content-type']}`);
    });
    await using served = await web(replica.url).start();
    const asks = { 'access-control-request-headers': 'content-type,x-grpc-web' };
    const preflight = (origin: string) =>
      client.request(served.port, '/x.S/M', { method: 'OPTIONS', fields: { ...asks, origin } });
    const known = await preflight('https://a.test');
    assert.equal(known.status, 204);
    assert.equal(known.fields['access-control-allow-origin'], 'https://a.test');
    assert.equal(known.fields['access-control-allow-headers'], 'content-type,x-grpc-web');
    assert.equal(known.fields['access-control-allow-methods'], 'POST');
    assert.equal((await preflight('https://b.test')).fields['access-control-allow-origin'], undefined);
    const plain = await client.request(served.port, '/', { fields: { 'content-type': 'text/x' }, body: 'x' });
    assert.equal(plain.body.toString(), 'POST text/x');
    assert.equal((await client.request(served.port, '/')).body.toString(), 'GET undefined');
    const other = { 'content-type': 'application/grpc-web', origin: 'https://b.test' };
    const foreign = await client.request(served.port, '/', { fields: other, body: message });
    assert.equal(foreign.body.toString(), 'POST application/grpc', 'what is no gRPC comes as it is');
    assert.equal(foreign.fields['access-control-allow-origin'], undefined);
  });

  test(`${client.name}: pages may read errors of the gateway too`, async () => {
    await using served = await web('h2c://127.0.0.1:1').start();
    const fields = { 'content-type': 'application/grpc-web', origin: 'https://a.test' };
    const answer = await client.request(served.port, '/x.S/M', { fields, body: message });
    assert.equal(answer.status, 502);
    assert.equal(answer.fields['access-control-allow-origin'], 'https://a.test');
  });
}
