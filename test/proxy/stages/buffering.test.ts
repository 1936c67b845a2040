// buffering on the wire, over HTTP/1.1 and HTTP/2: what a replica gets and when, the limits, files and their end.
import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { BufferingOptions } from '../../../src/model/middlewares/buffering.ts';
import { anyClients } from '../../support/any-client.ts';
import { type GatewayDraft, gateway } from '../../support/gateway.ts';
import { type HttpReplica, httpReplica, readBody } from '../../support/http-replica.ts';
import { until } from '../../support/until.ts';

const buffering = (url: string, options: BufferingOptions = {}): GatewayDraft =>
  gateway()
    .service('s', [url])
    .middleware('b', { kind: 'buffering', options })
    .router('r', { middlewares: ['b'] });

/** Temporary files that this process has open. */
const openFiles = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('berth-');
    } catch {
      return false;
    }
  }).length;

/** Gives back what it gets, in pieces. */
const echo = (): Promise<HttpReplica> =>
  httpReplica((request, response) => {
    void readBody(request).then(
      (body) => {
        response.setHeader('X-Length', request.headers['content-length'] ?? 'none');
        response.write(body.subarray(0, body.length / 2));
        response.end(body.subarray(body.length / 2));
      },
      () => {},
    );
  });

const bytes = Buffer.alloc(700_000, 'abcdefg');

for (const client of anyClients) {
  for (const [where, mem] of [
    ['in memory', 1_000_000],
    ['in files', 1_000],
  ] as const) {
    test(`${client.name}: bodies pass whole, kept ${where}`, async () => {
      await using replica = await echo();
      const options = { memRequestBodyBytes: mem, memResponseBodyBytes: mem };
      await using web = await buffering(replica.url, options).start();
      const exchange = client.open(web.port, '/', { method: 'POST' });
      exchange.sending.write(bytes.subarray(0, 400_000));
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(replica.requests.length, 0, 'it gets nothing before all has come');
      exchange.sending.end(bytes.subarray(400_000));
      const answer = await exchange.over;
      assert.equal(answer.status, 200);
      assert.equal(answer.fields['x-length'], String(bytes.length));
      assert.equal(answer.fields['content-length'], String(bytes.length));
      assert.ok(answer.isWhole && answer.body.equals(bytes));
      const empty = await client.request(web.port, '/');
      assert.deepEqual([empty.status, empty.body.length], [200, 0]);
      await until('no file is left', () => openFiles() === 0);
    });
  }

  test(`${client.name}: what is too long is refused, told or not`, async () => {
    await using replica = await echo();
    await using web = await buffering(replica.url, { maxRequestBodyBytes: 1000 }).start();
    assert.equal((await client.request(web.port, '/', { body: 'x'.repeat(1001) })).status, 413);
    const untold = client.open(web.port, '/', { method: 'POST' });
    untold.sending.on('error', () => {});
    untold.sending.write('x'.repeat(600));
    untold.sending.write('x'.repeat(600));
    assert.equal((await untold.head).status, 413);
    untold.abort();
    assert.equal(replica.requests.length, 0);
    assert.equal((await client.request(web.port, '/', { body: 'x'.repeat(1000) })).status, 200);
    await using short = await buffering(replica.url, { maxResponseBodyBytes: 1000 }).start();
    const refused = await client.request(short.port, '/', { body: 'x'.repeat(1001) });
    assert.equal(refused.status, 500);
    assert.match(refused.body.toString(), /answer-too-large/);
    assert.equal((await client.request(short.port, '/', { body: 'x'.repeat(1000) })).status, 200);
    await short.quiet();
  });

  test(`${client.name}: a request is sent again while its expression says so, with its body`, async () => {
    const seen: string[] = [];
    await using replica = await httpReplica((request, response) => {
      void readBody(request).then((body) => {
        seen.push(body.toString());
        response.statusCode = seen.length < 3 ? 502 : 200;
        response.end('given');
      });
    });
    const retryExpression = '(ResponseCode() == 502 && RequestMethod() == "POST") && Attempts() <= 2';
    await using web = await buffering(replica.url, { retryExpression, memRequestBodyBytes: 1 }).start();
    const answer = await client.request(web.port, '/', { body: 'question' });
    assert.deepEqual([answer.status, answer.body.toString()], [200, 'given']);
    assert.deepEqual(seen, ['question', 'question', 'question']);
    await using lost = await buffering('http://127.0.0.1:1', { retryExpression: 'IsNetworkError()' }).start();
    assert.equal((await client.request(lost.port, '/')).status, 502, 'ten times are enough');
  });

  test(`${client.name}: event streams pass as they come`, async () => {
    let stream: ServerResponse | undefined;
    await using replica = await httpReplica((_request, response) => {
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    await using web = await buffering(replica.url).start();
    const exchange = client.open(web.port, '/');
    exchange.sending.end();
    await exchange.head;
    await until('the first event has come', () => exchange.received().toString() === 'data: 1\n\n');
    stream?.end();
    assert.ok((await exchange.over).isWhole);
  });

  test(`${client.name}: nothing is left of a client that leaves, whenever it does`, async () => {
    const open = new Set<ServerResponse>();
    await using replica = await httpReplica((request, response) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      void readBody(request).catch(() => {});
      if (request.url === '/half') response.writeHead(200).write(bytes);
      if (request.url === '/whole') response.end(Buffer.alloc(20_000_000));
    });
    const options = { memRequestBodyBytes: 1_000, memResponseBodyBytes: 1_000 };
    await using web = await buffering(replica.url, options).start();
    const sending = client.open(web.port, '/', { method: 'POST' });
    sending.head.catch(() => {});
    sending.sending.on('error', () => {});
    sending.sending.write(bytes);
    await until('a part of the request is kept', () => openFiles() === 1);
    sending.abort();
    await until('it is gone', () => openFiles() === 0);
    const waiting = client.open(web.port, '/half');
    waiting.head.catch(() => {});
    waiting.sending.end();
    await until('a part of the answer is kept', () => openFiles() === 1);
    waiting.abort();
    await until('it is gone', () => openFiles() === 0 && open.size === 0);
    const reading = client.open(web.port, '/whole');
    reading.sending.end();
    await reading.head;
    reading.incoming().pause();
    assert.equal(openFiles(), 1);
    reading.abort();
    await until('it is gone', () => openFiles() === 0 && open.size === 0);
    await web.quiet();
  });
}

test('a full disk is a 500 that says so', async () => {
  await using replica = await echo();
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = '/proc/nowhere';
  try {
    const web = await buffering(replica.url, { memRequestBodyBytes: 10 }).start();
    for (const client of anyClients) {
      const answer = await client.request(web.port, '/', { body: 'x'.repeat(100) });
      assert.equal(answer.status, 500);
      assert.match(answer.body.toString(), /no room to keep a body/);
    }
    assert.equal(web.errors.length, anyClients.length);
    await web.plane.drain();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});
