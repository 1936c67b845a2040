// errors on the wire, over HTTP/1.1 and HTTP/2: which answers are replaced, what the page's service is asked, and what the
// client gets where there is no page.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { ErrorsOptions } from '../../../src/model/middlewares/errors.ts';
import { anyClients } from '../../support/any-client.ts';
import { type GatewayDraft, gateway } from '../../support/gateway.ts';
import { type HttpReplica, httpReplica } from '../../support/http-replica.ts';
import { until } from '../../support/until.ts';

/** Answers with the status in the path, and `kept` for all others. */
const statuses = (): Promise<HttpReplica> =>
  httpReplica((request, response) => {
    response.statusCode = Number(/\/(\d{3})/.exec(request.url ?? '')?.[1] ?? 200);
    response.setHeader('X-Of', 'the replica');
    response.end('of the replica');
  });

const pages = (): Promise<HttpReplica> =>
  httpReplica((request, response) => {
    response.setHeader('X-Of', 'the page');
    response.end(`page ${request.url}`);
  });

const withPages = (
  replicas: readonly string[],
  page: readonly string[],
  options: Omit<ErrorsOptions, 'service'>,
): GatewayDraft =>
  gateway()
    .service('s', replicas)
    .service('p', page)
    .middleware('e', { kind: 'errors', options: { service: 'p', ...options } })
    .router('r', { middlewares: ['e'], service: 's' });

for (const client of anyClients) {
  test(`${client.name}: an answer is replaced by a page, under its status`, async () => {
    await using replica = await statuses();
    await using page = await pages();
    const draft = withPages([replica.url], [page.url], {
      status: ['404', '500-503'],
      query: '/{status}.html?was={originalStatus}&url={url}',
    });
    await using web = await draft.start();
    const kept = await client.request(web.port, '/200');
    assert.deepEqual(
      [kept.status, kept.body.toString(), kept.fields['x-of']],
      [200, 'of the replica', 'the replica'],
    );
    assert.equal((await client.request(web.port, '/504')).status, 504);
    const replaced = await client.request(web.port, '/502?a=b c!'.replace(' ', '%20'), {
      fields: { 'x-mine': '1', range: 'bytes=0-1', 'if-none-match': '"x"' },
      body: 'question',
    });
    assert.equal(replaced.status, 502);
    assert.equal(replaced.fields['x-of'], 'the page');
    const url = 'http%3A%2F%2Fa%2F502%3Fa%3Db%2520c%21';
    assert.equal(replaced.body.toString(), `page /502.html?was=502&url=${url}`);
    const [asked] = page.requests;
    assert.equal(asked?.method, 'GET');
    assert.equal(asked?.headers.host, 'a');
    assert.equal(asked?.headers['x-mine'], '1');
    for (const name of ['content-length', 'transfer-encoding', 'range', 'if-none-match']) {
      assert.equal(asked?.headers[name], undefined, name);
    }
    const head = await client.request(web.port, '/404', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body.length, page.requests.at(-1)?.method], [404, 0, 'HEAD']);
  });

  test(`${client.name}: statuses are rewritten, and only chosen fields go to the page`, async () => {
    await using replica = await statuses();
    await using page = await pages();
    const draft = withPages([replica.url], [page.url], {
      status: ['400-599'],
      statusRewrites: { '418': '404', '500-504': '503' },
      query: '{status}-{originalStatus}',
      errorRequestHeaders: ['X-Mine'],
    });
    await using web = await draft.start();
    const fields = { 'x-mine': '1', 'x-secret': '2' };
    const teapot = await client.request(web.port, '/418', { fields });
    assert.deepEqual([teapot.status, teapot.body.toString()], [404, 'page /404-418']);
    assert.equal(page.requests[0]?.headers['x-mine'], '1');
    assert.equal(page.requests[0]?.headers['x-secret'], undefined);
    assert.equal(page.requests[0]?.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal((await client.request(web.port, '/502', { fields })).status, 503);
    assert.equal((await client.request(web.port, '/451', { fields })).status, 451);
  });

  test(`${client.name}: the gateway's own errors and refusals are replaced too`, async () => {
    await using page = await pages();
    const draft = withPages(['http://127.0.0.1:1'], [page.url], {
      status: ['401', '502'],
      query: '/{status}',
    })
      .middleware('auth', { kind: 'basicAuth', options: { users: ['a:$apr1$x$y'] } })
      .router('q', { rule: 'Host(`auth`)', priority: 99, middlewares: ['e', 'auth'], service: 's' });
    await using web = await draft.start();
    const unreachable = await client.request(web.port, '/');
    assert.deepEqual([unreachable.status, unreachable.body.toString()], [502, 'page /502']);
    const refused = await client.request(web.port, '/', { host: 'auth', body: 'x' });
    assert.deepEqual([refused.status, refused.body.toString()], [401, 'page /401']);
  });

  test(`${client.name}: without a page the status is still the right one`, async () => {
    await using replica = await statuses();
    const draft = withPages([replica.url], ['http://127.0.0.1:1'], {
      status: ['404', '503'],
      statusRewrites: { '404': '410' },
    }).router('q', { rule: 'Host(`gone`)', priority: 99, middlewares: ['e'], service: 'nowhere' });
    await using web = await draft.start();
    const missing = await client.request(web.port, '/404');
    assert.deepEqual([missing.status, missing.body.toString(), missing.isWhole], [410, 'Gone', true]);
    const gone = await client.request(web.port, '/', { host: 'gone' });
    assert.equal(gone.status, 503);
    assert.match(gone.body.toString(), /no-server/);
  });

  test(`${client.name}: a client that leaves takes page and answer with it`, async () => {
    const open = new Set<ServerResponse>();
    const stuck = (status: number) =>
      httpReplica((_request, response) => {
        open.add(response);
        response.on('close', () => open.delete(response));
        response.writeHead(status, { 'Content-Type': 'text/plain' });
        response.write('it begins');
      });
    await using replica = await stuck(500);
    await using page = await stuck(200);
    await using web = await withPages([replica.url], [page.url], { status: ['500'] }).start();
    const exchange = client.open(web.port, '/');
    exchange.sending.end();
    assert.equal((await exchange.head).status, 500);
    await until('both are open', () => open.size === 2);
    exchange.abort();
    await until('both are let go', () => open.size === 0);
    await web.quiet();
  });

  test(`${client.name}: a page that breaks off does not look whole`, async () => {
    await using replica = await statuses();
    await using page = await httpReplica((_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('half', () => response.destroy());
    });
    await using web = await withPages([replica.url], [page.url], { status: ['500'] }).start();
    const answer = await client.request(web.port, '/500');
    assert.equal(answer.status, 500);
    assert.equal(answer.isWhole, false);
  });
}
