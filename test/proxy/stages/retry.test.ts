// retry on the wire, over HTTP/1.1 and HTTP/2: what is tried again, where, with which body, and what never is.
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import type { RetryOptions } from '../../../src/model/middlewares/retry.ts';
import { anyClients } from '../../support/any-client.ts';
import { type GatewayDraft, gateway } from '../../support/gateway.ts';
import { httpReplica, readBody } from '../../support/http-replica.ts';
import { ownAddress } from '../../support/recording-replica.ts';
import { until } from '../../support/until.ts';

const retrying = (replicas: readonly string[], options: RetryOptions): GatewayDraft =>
  gateway()
    .service('s', replicas)
    .middleware('r', { kind: 'retry', options })
    .router('r', { middlewares: ['r'] });

/** Gives the statuses one after the other, the last one again and again, and with each the body that it got. */
function giving(...statuses: readonly number[]) {
  const left = [...statuses];
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    response.statusCode = (left.length > 1 ? left.shift() : left[0]) ?? 200;
    response.end(`${response.statusCode} ${body.length}`);
  };
}

const serving = (...statuses: readonly number[]) => {
  const serve = giving(...statuses);
  return httpReplica((request, response) => void serve(request, response).catch(() => {}));
};

for (const client of anyClients) {
  test(`${client.name}: an answer of a listed status is tried again, with the same body, as often as said`, async () => {
    await using replica = await serving(503, 500, 200);
    await using web = await retrying([replica.url], { attempts: 3, status: ['500-503'] }).start();
    const body = Buffer.alloc(300_000, 'x');
    const answer = await client.request(web.port, '/', { method: 'PUT', body });
    assert.deepEqual([answer.status, answer.body.toString()], [200, '200 300000']);
    assert.equal(replica.requests.length, 3);
    await using stubborn = await serving(503);
    await using second = await retrying([stubborn.url], { attempts: 2, status: ['503'] }).start();
    const last = await client.request(second.port, '/');
    assert.deepEqual([last.status, last.body.toString(), stubborn.requests.length], [503, '503 0', 2]);
    await web.quiet();
  });

  test(`${client.name}: each attempt goes to a replica that has had none`, async () => {
    await using one = await serving(503);
    await using two = await serving(200);
    await using web = await retrying([one.url, two.url], { attempts: 2, status: ['503'] }).start();
    for (let at = 0; at < 4; at += 1) assert.equal((await client.request(web.port, '/')).status, 200);
  });

  test(`${client.name}: POST is tried again only if options say so, or no replica took it`, async () => {
    await using replica = await serving(503);
    await using web = await retrying([replica.url], { attempts: 3, status: ['503'] }).start();
    assert.equal((await client.request(web.port, '/', { body: 'x' })).status, 503);
    assert.equal(replica.requests.length, 1);
    const options = { attempts: 3, status: ['503'], retryNonIdempotentMethod: true };
    await using willing = await retrying([replica.url], options).start();
    assert.equal((await client.request(willing.port, '/', { body: 'x' })).body.toString(), '503 1');
    assert.equal(replica.requests.length, 4);
  });

  test(`${client.name}: a body that is too long to be kept passes, and its request is not tried again`, async () => {
    await using replica = await serving(503);
    const options = { attempts: 3, status: ['503'], maxRequestBodyBytes: 1000 };
    await using web = await retrying([replica.url], options).start();
    const answer = await client.request(web.port, '/', { method: 'PUT', body: 'x'.repeat(200_000) });
    assert.deepEqual(
      [answer.status, answer.body.toString(), replica.requests.length],
      [503, '503 200000', 1],
    );
  });

  test(`${client.name}: a replica that refuses for a while is asked again, also with a POST`, async () => {
    const { port, listen, close } = await laterServer();
    const draft = retrying([`http://${ownAddress}:${port}`], { attempts: 1000, initialInterval: 5 });
    await using web = await draft.start();
    const answer = client.request(web.port, '/', { body: 'kept' });
    await until('it was tried at least once', () => (web.load('s', 's-0')?.failures ?? 0) > 0);
    await listen();
    assert.deepEqual([(await answer).status, (await answer).body.toString()], [200, 'ok']);
    close();
  });

  test(`${client.name}: an answer that has begun is never tried again`, async () => {
    await using replica = await httpReplica((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('half', () => response.destroy());
    });
    await using web = await retrying([replica.url], { attempts: 3, status: ['200-599'] }).start();
    // All but the last attempt are repeated for their status, and the last one has begun when it breaks off.
    const answer = await client.request(web.port, '/');
    assert.deepEqual([answer.status, answer.isWhole, replica.requests.length], [200, false, 3]);
  });

  test(`${client.name}: a client that leaves ends the waiting, the attempt and the rest of a dropped answer`, async () => {
    const open = new Set<ServerResponse>();
    await using replica = await httpReplica((_request, response) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      response.writeHead(open.size === 1 ? 503 : 200, { 'Content-Length': '1000' });
      response.write('it begins');
    });
    await using web = await retrying([replica.url], { attempts: 2, status: ['503'] }).start();
    const exchange = client.open(web.port, '/');
    exchange.sending.end();
    assert.equal((await exchange.head).status, 200);
    await until('both are open', () => open.size === 2);
    exchange.abort();
    // The dropped one may go on until its replica has ended it, but not the one that the client was given.
    await until('both are let go', () => open.size === 0);
    await using far = await retrying([replica.url], {
      attempts: 2,
      status: ['503'],
      initialInterval: 3_600_000,
    }).start();
    const waiting = client.open(far.port, '/');
    waiting.head.catch(() => {});
    waiting.sending.end();
    await until('it has been asked', () => replica.requests.length === 3);
    await until('its answer has come', () => (far.load('s', 's-0')?.requests ?? 0) === 1);
    waiting.abort();
    await until('the dropped answer is let go', () => open.size === 0);
    await far.quiet();
  });

  test(`${client.name}: after its time nothing is tried again`, async () => {
    await using replica = await httpReplica((_request, response) => {
      setTimeout(() => {
        response.statusCode = 503;
        response.end();
      }, 20);
    });
    await using web = await retrying([replica.url], { attempts: 5, status: ['503'], timeout: 1 }).start();
    assert.equal((await client.request(web.port, '/')).status, 503);
    assert.equal(replica.requests.length, 1);
  });
}

/** A port that refuses until it listens. */
async function laterServer() {
  const reserve = createServer();
  const listenOn = (server: Server, port: number) =>
    new Promise<void>((resolve) => server.listen(port, ownAddress, resolve));
  await listenOn(reserve, 0);
  const { port } = reserve.address() as { port: number };
  await new Promise((resolve) => reserve.close(resolve));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      if (bytes.includes('kept')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  return { port, listen: () => listenOn(server, port), close: () => void server.close() };
}
