// compress on the wire, over HTTP/1.1 and HTTP/2: what is coded, what never is, and that nothing is held back.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { CompressOptions } from '../../../src/model/middlewares/compress.ts';
import { type AnyAnswer, anyClients } from '../../support/any-client.ts';
import { type GatewayDraft, gateway } from '../../support/gateway.ts';
import { httpReplica } from '../../support/http-replica.ts';
import { until } from '../../support/until.ts';

const text = 'All that is gold does not glitter. '.repeat(100);

const compressing = (url: string, options: CompressOptions = {}): GatewayDraft =>
  gateway()
    .service('s', [url])
    .middleware('c', { kind: 'compress', options })
    .router('r', { middlewares: ['c'] });

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

const decoded = ({ fields, body }: AnyAnswer): string => {
  const encoding = String(fields['content-encoding'] ?? '');
  return (decoders[encoding]?.(body) ?? body).toString();
};

/** Answers by path: `/type/subtype`, with what the query says of fields. */
function serve(request: { readonly url?: string | undefined }, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://a');
  response.setHeader('Content-Type', url.pathname.slice(1));
  for (const [name, value] of url.searchParams) response.setHeader(name, value);
  response.setHeader('Content-Length', text.length);
  response.end(text);
}

for (const client of anyClients) {
  test(`${client.name}: each coding as the client takes it`, async () => {
    await using replica = await httpReplica(serve);
    await using web = await compressing(replica.url).start();
    for (const [accepted, encoding] of [
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['zstd', 'zstd'],
      ['br, gzip', 'gzip'],
      ['gzip;q=0.5, zstd;q=0.8', 'zstd'],
    ] as const) {
      const answer = await client.request(web.port, '/text/plain?ETag="x"&Accept-Ranges=bytes', {
        fields: { 'accept-encoding': accepted },
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.fields['content-encoding'], encoding, accepted);
      assert.equal(answer.fields['vary'], 'Accept-Encoding');
      assert.equal(answer.fields['etag'], 'W/"x"');
      assert.equal(answer.fields['content-length'], undefined);
      assert.equal(answer.fields['accept-ranges'], undefined);
      assert.ok(answer.isWhole);
      assert.equal(decoded(answer), text);
      assert.ok(answer.body.length < text.length / 4);
    }
  });

  test(`${client.name}: what is not coded comes as it is`, async () => {
    await using replica = await httpReplica((request, response) => {
      if (request.url?.startsWith('/status/') === true) {
        response.writeHead(Number(request.url.slice(8)), { 'Content-Type': 'text/plain' });
        response.end(request.url === '/status/206' ? text : undefined);
      } else serve(request, response);
    });
    await using web = await compressing(replica.url).start();
    for (const path of [
      '/audio/wav',
      '/video/mp4',
      '/image/png',
      '/text/event-stream',
      '/application/grpc+proto',
      '/text/plain?Content-Encoding=x-own',
      '/text/plain?Cache-Control=public,%20no-transform',
      '/text/plain?Content-Range=bytes%200-9/10',
      '/nonsense',
      '/status/204',
      '/status/206',
      '/status/304',
    ]) {
      const answer = await client.request(web.port, path, { fields: { 'accept-encoding': 'gzip' } });
      assert.notEqual(answer.fields['content-encoding'], 'gzip', path);
      assert.equal(answer.body.toString(), /20[4]|304/.test(path) ? '' : text, path);
      assert.ok(answer.isWhole, path);
    }
    const head = await client.request(web.port, '/text/plain', {
      method: 'HEAD',
      fields: { 'accept-encoding': 'gzip' },
    });
    assert.equal(head.fields['content-length'], String(text.length));
    const plain = await client.request(web.port, '/text/plain');
    assert.equal(plain.body.toString(), text);
    assert.equal(plain.fields['vary'], 'Accept-Encoding', 'a cache must not give it to those who take gzip');
  });

  test(`${client.name}: short answers are left alone, whether or not they say how long they are`, async () => {
    await using replica = await httpReplica((request, response) => {
      response.setHeader('Content-Type', 'text/plain');
      if (request.url === '/chunked') response.write('short ');
      response.end('and sweet');
    });
    await using web = await compressing(replica.url, { minResponseBodyBytes: 64 }).start();
    const fields = { 'accept-encoding': 'gzip' };
    const short = await client.request(web.port, '/', { fields });
    assert.equal(short.fields['content-encoding'], undefined);
    assert.equal(short.body.toString(), 'and sweet');
    const chunked = await client.request(web.port, '/chunked', { fields });
    assert.equal(decoded(chunked), 'short and sweet');
  });

  test(`${client.name}: what a replica streams comes when it is sent, and can be decoded that far`, async () => {
    let stream: ServerResponse | undefined;
    await using replica = await httpReplica((_request, response) => {
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      response.write('first');
    });
    await using web = await compressing(replica.url).start();
    const exchange = client.open(web.port, '/', { fields: { 'accept-encoding': 'gzip' } });
    exchange.sending.end();
    assert.equal((await exchange.head).fields['content-encoding'], 'gzip');
    const partly = () => gunzipSync(exchange.received(), { finishFlush: 2 }).toString();
    await until('the first part has come', () => partly() === 'first');
    stream?.write(' second');
    await until('the second part has come', () => partly() === 'first second');
    stream?.end();
    assert.equal(decoded(await exchange.over), 'first second');
  });

  test(`${client.name}: a long answer waits for a client that does not read, and ends with one that leaves`, async () => {
    let sent = 0;
    let isClosed = false;
    await using replica = await httpReplica((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      const send = (): void => {
        if (response.destroyed) return;
        sent += 1;
        // Not the same bytes again: those would be compressed to nothing, and the client would take them all.
        if (response.write(randomBytes(64 * 1024))) setImmediate(send);
        else response.once('drain', send);
      };
      response.on('close', () => {
        isClosed = true;
      });
      send();
    });
    await using web = await compressing(replica.url).start();
    const exchange = client.open(web.port, '/', { fields: { 'accept-encoding': 'zstd' } });
    exchange.sending.end();
    await exchange.head;
    exchange.incoming().pause();
    let before = -1;
    await until('nothing more is taken of the replica', async () => {
      const same = sent === before;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return same;
    });
    exchange.incoming().resume();
    const stalled = sent;
    await until('it goes on', () => sent > stalled + 20);
    exchange.abort();
    await until('the replica is let go', () => isClosed);
    await web.quiet();
  });

  test(`${client.name}: an answer that breaks off does not look whole`, async () => {
    let stream: ServerResponse | undefined;
    await using replica = await httpReplica((_request, response) => {
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      response.write(text);
    });
    await using web = await compressing(replica.url).start();
    const exchange = client.open(web.port, '/', { fields: { 'accept-encoding': 'br' } });
    exchange.sending.end();
    await exchange.head;
    await until('something has come', () => exchange.received().length > 0);
    stream?.destroy();
    assert.equal((await exchange.over).isWhole, false);
  });

  test(`${client.name}: rewrites in front of it have the last word, those behind it the first`, async () => {
    await using replica = await httpReplica(serve);
    const draft = gateway()
      .service('s', [replica.url])
      .middleware('c', { kind: 'compress', options: {} })
      .middleware('inner', {
        kind: 'headers',
        options: { customResponseHeaders: { 'Content-Type': 'audio/wav' } },
      })
      .middleware('outer', {
        kind: 'headers',
        options: { customResponseHeaders: { 'Content-Type': 'text/plain' } },
      })
      .router('r', { rule: 'Host(`inner`)', priority: 99, middlewares: ['outer', 'c', 'inner'] })
      .router('q', { rule: 'Host(`outer`)', priority: 99, middlewares: ['outer', 'c'] });
    await using web = await draft.start();
    const fields = { 'accept-encoding': 'gzip' };
    const inner = await client.request(web.port, '/text/plain', { host: 'inner', fields });
    assert.equal(inner.fields['content-encoding'], undefined, 'it was audio when compress saw it');
    assert.equal(inner.fields['content-type'], 'text/plain');
    const outer = await client.request(web.port, '/audio/wav', { host: 'outer', fields });
    assert.equal(outer.fields['content-encoding'], undefined);
  });

  test(`${client.name}: answers and errors of the gateway itself pass through it`, async () => {
    await using replica = await httpReplica(serve);
    const draft = compressing(replica.url, { minResponseBodyBytes: 1 })
      .middleware('auth', { kind: 'basicAuth', options: { users: ['a:$apr1$x$y'] } })
      .router('q', { rule: 'Host(`auth`)', priority: 99, middlewares: ['c', 'auth'] })
      .service('gone', [])
      .router('p', { rule: 'Host(`gone`)', priority: 99, middlewares: ['c'], service: 'gone' });
    await using web = await draft.start();
    const fields = { 'accept-encoding': 'gzip' };
    const refused = await client.request(web.port, '/', { host: 'auth', fields });
    assert.equal(refused.status, 401);
    assert.equal(refused.fields['content-encoding'], 'gzip');
    assert.match(String(refused.fields['www-authenticate']), /^Basic /);
    assert.equal(decoded(refused), '401 Unauthorized\n');
    const gone = await client.request(web.port, '/', { host: 'gone', fields });
    assert.equal(gone.status, 503);
    assert.match(gone.body.toString(), /no-server/);
  });
}
