// Request metrics: Traefik's names and labels, a bounded number of series, and merging over workers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createControlMetrics } from '../../../src/observability/control-metrics.ts';
import { createExchangeRecorder } from '../../../src/observability/create-exchange-recorder.ts';
import { mergeMetrics } from '../../../src/observability/merge-metrics.ts';
import type { MetricFamily } from '../../../src/observability/metric-family.ts';
import { createRequestMetrics } from '../../../src/observability/metrics.ts';
import { exchange } from './example-exchange.ts';

const all = { buckets: [0.1, 0.3, 1.2, 5], entryPointLabels: true, routerLabels: true, serviceLabels: true };

const samples = (families: readonly MetricFamily[], name: string) =>
  families.find((family) => family.name === name)?.values ?? [];
const lines = (text: string, start: string) => text.split('\n').filter((line) => line.startsWith(start));

describe('request metrics', () => {
  it('count by entry point, router and service under the labels of Traefik', async () => {
    const metrics = createRequestMetrics(all);
    metrics.record(exchange({ durationMs: 200 }));
    metrics.record(exchange({ durationMs: 6000 }));
    const text = await mergeMetrics([metrics.collect()]);
    assert.deepEqual(lines(text, 'traefik_entrypoint_requests_total'), [
      'traefik_entrypoint_requests_total{code="200",method="POST",protocol="http",entrypoint="web"} 2',
    ]);
    assert.deepEqual(lines(text, 'traefik_router_requests_bytes_total'), [
      'traefik_router_requests_bytes_total{code="200",method="POST",protocol="http",router="cosy@docker",service="cosy@docker"} 20',
    ]);
    assert.deepEqual(lines(text, 'traefik_service_responses_bytes_total'), [
      'traefik_service_responses_bytes_total{code="200",method="POST",protocol="http",service="cosy@docker"} 9600',
    ]);
    const labels = 'code="200",method="POST",protocol="http",service="cosy@docker"';
    assert.deepEqual(lines(text, 'traefik_service_request_duration_seconds'), [
      `traefik_service_request_duration_seconds_bucket{le="0.1",${labels}} 0`,
      `traefik_service_request_duration_seconds_bucket{le="0.3",${labels}} 1`,
      `traefik_service_request_duration_seconds_bucket{le="1.2",${labels}} 1`,
      `traefik_service_request_duration_seconds_bucket{le="5",${labels}} 1`,
      `traefik_service_request_duration_seconds_bucket{le="+Inf",${labels}} 2`,
      `traefik_service_request_duration_seconds_sum{${labels}} 6.2`,
      `traefik_service_request_duration_seconds_count{${labels}} 2`,
    ]);
  });

  it('counts a duration that equals a bound in that bound’s bucket', () => {
    const metrics = createRequestMetrics(all);
    metrics.record(exchange({ durationMs: 300 }));
    const bucket = samples(metrics.collect(), 'traefik_service_request_duration_seconds').find(
      (sample) => sample.labels.le === 0.3,
    );
    assert.equal(bucket?.value, 1);
  });

  it('make one series of all methods that a client may invent', () => {
    const metrics = createRequestMetrics(all);
    for (let n = 0; n < 1000; n++) metrics.record(exchange({ method: `M${n}` }));
    const values = samples(metrics.collect(), 'traefik_entrypoint_requests_total');
    assert.deepEqual(
      values.map(({ labels, value }) => [labels.method, value]),
      [['EXTENSION_METHOD', 1000]],
    );
  });

  it('keep methods, statuses and protocols apart', () => {
    const metrics = createRequestMetrics(all);
    const kinds = ['GET', 'HEAD', 'POST', 'FOO'].flatMap((method) =>
      [200, 499, 599].flatMap((status) =>
        (['http', 'websocket', 'sse'] as const).map((protocol) => ({ method, status, protocol })),
      ),
    );
    for (const kind of kinds) metrics.record(exchange(kind));
    const values = samples(metrics.collect(), 'traefik_service_requests_total');
    assert.equal(values.length, kinds.length);
    assert.ok(values.every(({ value }) => value === 1));
  });

  it('count only the entry point where no router matched, and nothing where counting is off', () => {
    const metrics = createRequestMetrics(all);
    metrics.record(exchange({ router: undefined, service: undefined, status: 404 }));
    metrics.record(exchange({ counted: false }));
    const families = metrics.collect();
    assert.equal(samples(families, 'traefik_entrypoint_requests_total').length, 1);
    assert.equal(samples(families, 'traefik_router_requests_total').length, 0);
    assert.equal(samples(families, 'traefik_service_requests_total').length, 0);
  });

  it('show only the kinds that are switched on', () => {
    const metrics = createRequestMetrics({ ...all, routerLabels: false, entryPointLabels: false });
    metrics.record(exchange());
    const names = metrics.collect().map(({ name }) => name);
    assert.ok(names.every((name) => !/router|entrypoint/.test(name)));
    assert.ok(names.includes('traefik_service_requests_total'));
  });

  it('count open connections until they are closed, each once', () => {
    const metrics = createRequestMetrics(all);
    const close = metrics.openConnection('web', 'http');
    metrics.openConnection('web', 'websocket');
    close();
    close();
    assert.deepEqual(samples(metrics.collect(), 'traefik_open_connections'), [
      { labels: { entrypoint: 'web', protocol: 'http' }, value: 0 },
      { labels: { entrypoint: 'web', protocol: 'websocket' }, value: 1 },
    ]);
  });

  it('show a removed service once more and then drop it', () => {
    const metrics = createRequestMetrics(all);
    metrics.record(exchange());
    metrics.record(exchange({ router: 'other@docker', service: 'other@docker' }));
    metrics.retain({ routers: new Set(['cosy@docker']), services: new Set(['cosy@docker']) });
    assert.equal(samples(metrics.collect(), 'traefik_service_requests_total').length, 2);
    const later = metrics.collect();
    assert.equal(samples(later, 'traefik_service_requests_total').length, 1);
    assert.equal(samples(later, 'traefik_router_requests_total').length, 1);
  });

  it('take names that mean something in JavaScript or in the text format', async () => {
    const metrics = createRequestMetrics(all);
    metrics.record(exchange({ router: '__proto__', service: 'a"b\\c\nd' }));
    const text = await mergeMetrics([metrics.collect()]);
    assert.deepEqual(lines(text, 'traefik_router_requests_total'), [
      'traefik_router_requests_total{code="200",method="POST",protocol="http",router="__proto__",service="a\\"b\\\\c\\nd"} 1',
    ]);
  });
});

describe('merging', () => {
  it('adds up the workers and leaves out one that has died', async () => {
    const first = createRequestMetrics(all);
    const second = createRequestMetrics(all);
    first.record(exchange());
    second.record(exchange());
    second.record(exchange({ status: 503 }));
    const parts = structuredClone([first.collect(), second.collect()]);
    const text = await mergeMetrics([...parts, undefined]);
    assert.deepEqual(lines(text, 'traefik_service_requests_total'), [
      'traefik_service_requests_total{code="200",method="POST",protocol="http",service="cosy@docker"} 2',
      'traefik_service_requests_total{code="503",method="POST",protocol="http",service="cosy@docker"} 1',
    ]);
  });

  it('adds what only the control plane knows', async () => {
    const replicas = [
      { service: 's@docker', url: 'http://10.0.0.1:80', replica: 'a:80', up: true, inFlight: 3 },
      { service: 's@docker', url: 'http://10.0.0.2:80', replica: 'b:80', up: false, inFlight: 0 },
    ];
    const control = createControlMetrics(() => replicas);
    control.configApplied(1_700_000_000_500);
    control.configApplied(1_700_000_001_500);
    const text = await mergeMetrics([createRequestMetrics(all).collect(), await control.collect()]);
    assert.deepEqual(lines(text, 'traefik_config_reloads_total'), ['traefik_config_reloads_total 2']);
    assert.deepEqual(lines(text, 'traefik_config_last_reload_success'), [
      'traefik_config_last_reload_success 1700000001.5',
    ]);
    assert.deepEqual(lines(text, 'traefik_service_server_up'), [
      'traefik_service_server_up{service="s@docker",url="http://10.0.0.1:80"} 1',
      'traefik_service_server_up{service="s@docker",url="http://10.0.0.2:80"} 0',
    ]);
    assert.equal(lines(text, 'process_start_time_seconds').length, 1);
    replicas.length = 0;
    assert.deepEqual(lines(await mergeMetrics([await control.collect()]), 'traefik_service_server_up'), []);
  });
});

describe('the exchange recorder', () => {
  it('feeds both halves, and neither where the record or the options say no', async () => {
    const written: string[] = [];
    const accessLog = {
      write: ({ requestId }: { requestId: string }) => written.push(requestId),
      writeConnection: () => {},
      flush: async () => {},
    };
    const recorder = createExchangeRecorder({ prometheus: all }, undefined, accessLog);
    recorder.recordExchange(exchange({ requestId: 'a' }));
    recorder.recordExchange(exchange({ requestId: 'b', logged: false }));
    recorder.recordExchange(exchange({ requestId: 'c', counted: false }));
    assert.deepEqual(written, ['a', 'c']);
    assert.equal(samples(recorder.collectMetrics(), 'traefik_service_requests_total')[0]?.value, 2);

    const off = createExchangeRecorder({});
    off.recordExchange(exchange());
    off.openConnection('web', 'http')();
    await off.flush();
    assert.deepEqual(off.collectMetrics(), []);
  });
});
