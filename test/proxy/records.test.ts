// What is told of requests: the access log and the counters.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MetricFamily } from '../../src/observability/metric-family.ts';
import { gateway } from '../support/gateway.ts';
import { rawClient, rawRequest } from '../support/raw-client.ts';
import { answering, ok, scriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from '../support/until.ts';

test('each request is logged and counted once, with its router, service and replica', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-'));
  const filePath = join(folder, 'access.log');
  await using upstream = await scriptedUpstream((connection) => {
    answering((head) => (head.includes('GET /hang') ? '' : ok('hello')))(connection);
  });
  const web = await gateway()
    .service('s', [upstream.url])
    .router('r', { rule: 'PathPrefix(`/`)' })
    .router('quiet', { rule: 'PathPrefix(`/quiet`)', accessLogs: false, metrics: false })
    .accessLog({ filePath })
    .start();
  const ask = (path: string) =>
    rawRequest(
      web.port,
      `POST ${path} HTTP/1.1\r\nHost: a.test\r\nUser-Agent: tester\r\nX-Request-Id: id-1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
    );
  await ask('/x?y');
  await ask('/quiet');
  await ask('/a%2Fb');
  const leaver = await rawClient(web.port);
  leaver.send('GET /hang HTTP/1.1\r\nHost: a.test\r\n\r\n');
  await until('it hangs', () => upstream.received.includes('GET /hang'));
  leaver.socket.destroy();
  const metrics = await until('the one who left is counted', async () => {
    const families = (await web.plane.collectMetrics()) as MetricFamily[];
    const counted = families.find(({ name }) => name === 'traefik_service_requests_total')?.values ?? [];
    return counted.some(({ labels }) => labels['code'] === '499') ? families : undefined;
  });
  await web.close();

  const lines = readFileSync(filePath, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  rmSync(folder, { recursive: true });
  assert.deepEqual(
    lines.map(({ RequestPath, DownstreamStatus, Fault }) => [RequestPath, DownstreamStatus, Fault]),
    [
      ['/x?y', 200, undefined],
      ['/a%2Fb', 400, 'bad-path'],
      ['/hang', 499, undefined],
    ],
  );
  const [first] = lines;
  assert.ok(first);
  const shown = [
    'RequestMethod',
    'RequestHost',
    'RequestContentSize',
    'DownstreamContentSize',
    'RouterName',
    'ServiceName',
    'Replica',
    'ServiceURL',
    'OriginStatus',
    'RequestId',
    'ClientHost',
    'entryPointName',
  ];
  assert.deepEqual(
    shown.map((key) => first[key]),
    ['POST', 'a.test', 3, 5, 'r', 's', 's-0', upstream.url, 200, 'id-1', '127.0.0.1', 'web'],
  );

  const total = (name: string) =>
    metrics
      .find((family) => family.name === name)
      ?.values.map(
        ({ labels, value }) =>
          `${labels['code']} ${labels['router'] ?? labels['service'] ?? labels['entrypoint']} ${value}`,
      )
      .sort();
  assert.deepEqual(total('traefik_entrypoint_requests_total'), ['200 web 1', '400 web 1', '499 web 1']);
  assert.deepEqual(total('traefik_router_requests_total'), ['200 r 1', '499 r 1']);
  assert.deepEqual(total('traefik_service_requests_total'), ['200 s 1', '499 s 1']);
});
