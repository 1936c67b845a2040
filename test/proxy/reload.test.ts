// New configurations under load: no request is lost, and what did not change keeps its state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, gatewayTo } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

const ask = (port: number, path = '/') =>
  rawRequest(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);

test('no request fails while replicas come and go and routers change', async () => {
  await using one = await scriptedUpstream(answering(ok('one')));
  await using two = await scriptedUpstream(answering(ok('two')));
  await using web = await gatewayTo(one.url).start();
  let isOver = false;
  const statuses = new Map<number, number>();
  const workers = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const { status } = await ask(web.port);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  for (let at = 0; at < 40; at++) {
    const urls = [[one.url], [one.url, two.url], [two.url]][at % 3] ?? [];
    web.apply(gatewayTo(...urls).router(`extra-${at}`, { rule: `Host(\`x${at}\`)` }));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  isOver = true;
  await Promise.all(workers);
  assert.deepEqual([...statuses.keys()], [200]);
  assert.ok((statuses.get(200) ?? 0) > 40);
});

test('a stream goes on though its router, service and replica are gone', async () => {
  await using upstream = await scriptedUpstream();
  await using web = await gatewayTo(upstream.url).start();
  using client = await rawClient(web.port);
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const replica = await upstream.connection(0);
  await replica.sees('\r\n\r\n');
  replica.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
  await client.sees('one');
  web.apply(gateway());
  assert.equal((await ask(web.port)).status, 404);
  replica.send('3\r\ntwo\r\n0\r\n\r\n');
  await client.sees('two\r\n0\r\n\r\n');
  await replica.closed();
});

test('connections and counts outlive a reload that does not change them', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gatewayTo(upstream.url).start();
  await ask(web.port);
  web.apply(gatewayTo(upstream.url).router('other', { rule: 'Host(`b`)' }));
  await ask(web.port);
  assert.equal(upstream.connections.length, 1, 'the connection is used again');
  await until('both requests are reported', () => web.load('s', 's-0')?.requests === 2);
});

test('requests go round robin over the ready replicas, by weight', async () => {
  await using one = await scriptedUpstream(answering(ok('1')));
  await using two = await scriptedUpstream(answering(ok('2')));
  await using web = await gatewayTo({ url: one.url, weight: 3 }, { url: two.url, weight: 1 }).start();
  const order: string[] = [];
  for (let at = 0; at < 8; at++) order.push((await ask(web.port)).rest);
  assert.equal(order.filter((answer) => answer === '1').length, 6);
  assert.doesNotMatch(order.join(''), /22/, 'evenly spread');
  web.apply(gatewayTo({ url: one.url, state: 'stopping' }, two.url));
  for (let at = 0; at < 3; at++) assert.equal((await ask(web.port)).rest, '2');
});

test('a router with tls does not answer plain connections', async () => {
  await using upstream = await scriptedUpstream(answering(ok()));
  await using web = await gateway().service('s', [upstream.url]).router('secure', { tls: {} }).start();
  assert.equal((await ask(web.port)).status, 404);
});

test('of two routers the one of higher priority answers, whichever shard they are in', async () => {
  await using upstream = await scriptedUpstream(
    answering((head) => ok(/X-Via: (\w+)/.exec(head)?.[1] ?? '')),
  );
  const marked = (name: string) =>
    ({ kind: 'headers', options: { customRequestHeaders: { 'X-Via': name } } }) as const;
  await using web = await gateway()
    .service('s', [upstream.url])
    .middleware('host', marked('host'))
    .middleware('any', marked('any'))
    .router('host', { rule: 'Host(`a`) && PathPrefix(`/x`)', priority: 10, middlewares: ['host'] })
    .router('any', { rule: 'PathPrefix(`/`)', priority: 5, middlewares: ['any'] })
    .router('top', { rule: 'PathPrefix(`/x/top`)', priority: 20, middlewares: ['any'] })
    .start();
  assert.equal((await ask(web.port, '/x')).rest, 'host');
  assert.equal((await ask(web.port, '/x/top')).rest, 'any');
  assert.equal((await ask(web.port, '/y')).rest, 'any');
});
