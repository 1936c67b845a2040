// Long lists, as Traefik pages, searches and sorts them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { config, router, startFakeGateway } from './fake-gateway.ts';

const gateway = await startFakeGateway();
after(() => gateway.close());

test('pages, searches and sorts as Traefik does', { timeout: 20_000 }, async () => {
  gateway.config = config({
    routers: Array.from({ length: 250 }, (_, n) =>
      router(`r${String(n).padStart(3, '0')}@docker`, {
        priority: 250 - n,
        status: n % 2 === 0 ? 'enabled' : 'warning',
        service: n < 3 ? 'few@docker' : 'many@docker',
        middlewares: n === 9 ? ['m@docker'] : [],
        rule: n === 5 ? 'Host(`Needle.example`)' : 'Path(`/`)',
      }),
    ),
  });
  const page = async (query: string) => {
    const { status, headers, json } = await gateway.get(`/api/http/routers?${query}`);
    assert.equal(status, 200, query);
    return { names: json.map((one: { name: string }) => one.name), next: headers['x-next-page'] };
  };
  const first = await page('');
  assert.equal(first.names.length, 100);
  assert.equal(first.next, '2');
  const last = await page('page=3');
  assert.deepEqual([last.names.length, last.next], [50, '1']);
  assert.deepEqual((await page('page=2&per_page=2')).names, ['r002@docker', 'r003@docker']);
  assert.deepEqual((await page('search=NEEDLE')).names, ['r005@docker']);
  assert.deepEqual((await page('search=r24&status=Warning')).names.length, 5);
  assert.deepEqual((await page('serviceName=few')).names.length, 3);
  assert.deepEqual((await page('serviceName=few%40docker')).names.length, 3);
  assert.deepEqual((await page('middlewareName=m%40docker')).names, ['r009@docker']);
  assert.deepEqual((await page('sortBy=priority&per_page=1')).names, ['r249@docker']);
  assert.deepEqual((await page('direction=desc&per_page=1')).names, ['r249@docker']);
  assert.deepEqual((await page('sortBy=status&direction=desc&per_page=1')).names, ['r249@docker']);
  for (const [query, message] of [
    ['page=4', 'invalid request: page: 4, per_page: 100'],
    ['page=0', 'invalid request: page: 0'],
    ['page=x', 'invalid request: page: 0'],
    ['per_page=-5', 'invalid request: per_page: -5'],
  ]) {
    const { status, json } = await gateway.get(`/api/http/routers?${query}`);
    assert.equal(status, 400);
    assert.deepEqual(json, { message });
  }
});
