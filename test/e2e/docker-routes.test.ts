// Containers on a real Engine become routes, and stop being routes, without a lost request.
import assert from 'node:assert/strict';
import { get as getSecurely } from 'node:https';
import { after, before, test } from 'node:test';
import type { Diagnostic, ReplicaView, RouterView } from '../../src/model/view.ts';
import { openEngine, type TestEngine } from '../support/engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

let engine: TestEngine;
let gateway: GatewayProcess;

before(async () => {
  engine = await openEngine();
  gateway = await startGateway([
    '--entrypoints.websecure.address=127.0.0.1:0',
    '--entrypoints.websecure.http.tls=true',
    ...engine.flags,
  ]);
});
after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** Labels of a service of one router by host name. */
const labelsOf = (name: string, more: Readonly<Record<string, string>> = {}) => ({
  'traefik.enable': 'true',
  [`traefik.http.routers.${name}.rule`]: `Host(\`${name}.example.com\`)`,
  [`traefik.http.services.${name}.loadbalancer.server.port`]: '8000',
  ...more,
});

const get = (name: string, path = '/') => gateway.get(path, { host: `${name}.example.com` });
const served = (name: string) => until(`${name} is served`, async () => (await get(name)).status === 200);
/** Waits until that many replicas have answered: a container that runs does not listen yet. */
const allServe = (name: string, count: number) => {
  const seen = new Set<unknown>();
  return until(`${count} replicas of ${name} answer`, async () => {
    const { status, headers } = await get(name);
    if (status === 200) seen.add(headers['x-replica']);
    return seen.size === count;
  });
};
const replicasOf = async (name: string) =>
  (await gateway.api<readonly ReplicaView[]>('/api/replicas')).filter(
    ({ service }) => service === `${name}@docker`,
  );

test('a container becomes a route when it starts and stops being one when it is removed', async () => {
  assert.equal((await get('appears')).status, 404);
  const container = await engine.start({ labels: labelsOf('appears') });
  await served('appears');
  const answer = JSON.parse((await get('appears', '/a/b?c=d')).body) as {
    url: string;
    headers: Record<string, string>;
  };
  assert.equal(answer.url, '/a/b?c=d');
  assert.equal(answer.headers['host'], 'appears.example.com');
  assert.equal(answer.headers['x-forwarded-host'], 'appears.example.com');
  await container.remove({ force: true });
  await until('the route is gone', async () => (await get('appears')).status === 404);
});

test('scaling 1 → 4 → 1 under load loses no request', async () => {
  const first = await engine.start({ labels: labelsOf('scaled') });
  await served('scaled');
  await using load = startLoad({ port: gateway.port('web'), host: 'scaled.example.com', path: '/?ms=20' });
  const more = await Promise.all([1, 2, 3].map(() => engine.start({ labels: labelsOf('scaled') })));
  await until('all four answer', () => load.report.replicas.size === 4);
  await Promise.all(more.map((container) => container.stop()));
  await until(
    'one replica is left',
    async () => (await replicasOf('scaled')).filter(({ ready }) => ready).length === 1,
  );
  const sinceThen = load.report.done;
  await until('it goes on', () => load.report.done > sinceThen + 50);
  const { failures, done } = await load.stop();
  assert.deepEqual(failures, []);
  assert.ok(done > 100, `${done} requests`);
  await first.remove({ force: true });
});

test('docker stop takes a replica out at its first signal, and its stream is finished', async () => {
  const [leaving] = await Promise.all([
    engine.start({ labels: labelsOf('stopped') }),
    engine.start({ labels: labelsOf('stopped') }),
  ]);
  await allServe('stopped', 2);
  const running: ReturnType<typeof get>[] = [];
  // One after the other: workers that read the same turn at once pick the same replica (docs/decisions/0012).
  for (const count of [1, 2]) {
    running.push(get('stopped', '/stream?chunks=100&every=50'));
    await until(`${count} of the streams run`, async () => {
      const replicas = await replicasOf('stopped');
      return replicas.reduce((sum, { inFlight }) => sum + inFlight, 0) === count;
    });
  }
  const stopping = leaving?.stop();
  await until('it is shown as stopping', async () =>
    (await replicasOf('stopped')).some(({ state }) => state === 'stopping'),
  );
  const during = await Promise.all(Array.from({ length: 10 }, () => get('stopped')));
  assert.equal(
    new Set(during.map(({ headers }) => headers['x-replica'])).size,
    1,
    'new requests go to the other one',
  );
  for (const { status, body } of await Promise.all(running)) {
    assert.equal(status, 200);
    assert.equal(body.split('\n').length, 101, 'every chunk has come');
  }
  await stopping;
});

test('a killed replica gets no further request', async () => {
  const [victim] = await Promise.all([
    engine.start({ labels: labelsOf('killed') }),
    engine.start({ labels: labelsOf('killed') }),
  ]);
  await allServe('killed', 2);
  await using load = startLoad({ port: gateway.port('web'), host: 'killed.example.com' });
  await until('load runs', () => load.report.replicas.size === 2);
  await victim?.kill();
  await until(
    'one is left',
    async () => (await replicasOf('killed')).filter(({ ready }) => ready).length === 1,
  );
  const { failures } = await load.stop();
  assert.deepEqual(
    failures,
    [],
    'idempotent requests that died with the replica were answered by the other one',
  );
  await using afterwards = startLoad({ port: gateway.port('web'), host: 'killed.example.com' });
  await until('load runs', () => afterwards.report.done > 50);
  assert.deepEqual((await afterwards.stop()).failures, []);
});

test('a paused container is shown, gets nothing, and comes back', async () => {
  const container = await engine.start({ labels: labelsOf('paused') });
  await served('paused');
  await container.pause();
  const answer = await until('it is out', async () => {
    const now = await get('paused');
    return now.status === 503 ? now : undefined;
  });
  assert.ok(Number(answer.headers['retry-after']) >= 1, 'Retry-After is given');
  assert.match(answer.body, /paused/);
  assert.equal((await replicasOf('paused'))[0]?.state, 'paused');
  await container.unpause();
  await served('paused');
});

test('a container with a HEALTHCHECK is routed only while it is healthy, but its router exists from the start', async () => {
  const check =
    'fetch("http://127.0.0.1:8000/health").then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))';
  const container = await engine.start({
    labels: labelsOf('healthy'),
    env: { HEALTH: '503' },
    healthcheck: { test: ['node', '-e', check], intervalMs: 300 },
  });
  const starting = await until('the router exists', async () => {
    const answer = await get('healthy');
    return answer.status === 503 ? answer : undefined;
  });
  assert.match(starting.body, /starting|unhealthy/);
  assert.ok(Number(starting.headers['retry-after']) >= 1);
  await until('it is unhealthy', async () => (await replicasOf('healthy'))[0]?.state === 'unhealthy');
  const [network] = Object.values((await container.inspect()).NetworkSettings.Networks);
  await fetch(`http://${network?.IPAddress}:8000/control?health=200`);
  await served('healthy');
  assert.equal((await replicasOf('healthy'))[0]?.state, 'ready');
});

test('a replica that crashes and comes back under another address is found again', async () => {
  const name = `berth-test-${engine.tag}-crash`;
  const network = await engine.createNetwork(name, '172.29.77.0/24');
  const container = await engine.start({ labels: labelsOf('crashes'), networks: [name] });
  await served('crashes');
  const [before] = await replicasOf('crashes');
  await get('crashes', '/crash').catch(() => undefined);
  await until('it has left', async () => (await get('crashes')).status !== 200);
  await network.disconnect({ Container: container.id });
  const EndpointConfig = { IPAMConfig: { IPv4Address: '172.29.77.200' } };
  await network.connect({ Container: container.id, EndpointConfig });
  await container.start();
  await served('crashes');
  const [now] = await replicasOf('crashes');
  assert.notEqual(now?.url, before?.url);
  assert.equal(now?.url, 'http://172.29.77.200:8000');
});

test('a change of networks is followed', async () => {
  const one = await engine.createNetwork(`berth-test-${engine.tag}-one`);
  const two = await engine.createNetwork(`berth-test-${engine.tag}-two`);
  const labels = labelsOf('moves', { 'traefik.docker.network': `berth-test-${engine.tag}-two` });
  const container = await engine.start({ labels, networks: [`berth-test-${engine.tag}-one`] });
  const fault = await until('the missing network is named', async () => {
    const found = await gateway.api<readonly Diagnostic[]>('/api/diagnostics');
    return found.find(
      ({ code, message }) => code === 'network-unreachable' && message.includes(`${engine.tag}-two`),
    );
  });
  assert.ok(fault.hint, 'it says what to do');
  await two.connect({ Container: container.id });
  await served('moves');
  await two.disconnect({ Container: container.id });
  await until('it is out again', async () => (await get('moves')).status === 503);
  await one.disconnect({ Container: container.id });
});

test('a renamed container is shown under its new name', async () => {
  const container = await engine.start({ labels: labelsOf('renamed') });
  await served('renamed');
  await container.rename({ name: `berth-test-${engine.tag}-new-name` });
  await until(
    'the new name is shown',
    async () => (await replicasOf('renamed'))[0]?.container?.name === `berth-test-${engine.tag}-new-name`,
  );
  assert.equal((await get('renamed')).status, 200);
});

test('an active health check takes a wedged replica out and lets it in again', async () => {
  const check = 'traefik.http.services.checked.loadbalancer.healthcheck';
  const container = await engine.start({
    labels: labelsOf('checked', {
      [`${check}.path`]: '/health',
      [`${check}.interval`]: '200ms',
      [`${check}.timeout`]: '200ms',
    }),
  });
  await served('checked');
  const [network] = Object.values((await container.inspect()).NetworkSettings.Networks);
  await fetch(`http://${network?.IPAddress}:8000/control?health=hang`);
  await until('it is out', async () => (await get('checked')).status === 503);
  assert.equal((await replicasOf('checked'))[0]?.health, 'down');
  await fetch(`http://${network?.IPAddress}:8000/control?health=200`);
  await served('checked');
});

test('two mistakes that are in print are named with the right spelling, and the rest works', async () => {
  await engine.start({
    labels: {
      'trafik.enable': 'true',
      'traefik.enable': 'true',
      'traefik.http.routers.typo.rule': 'Host(`typo.example.com`)',
      'traefik.http.middlewares.add-ver.header.options.customrequestheaders.X-Model-Version': 'v3',
    },
  });
  await served('typo');
  const diagnostics = await gateway.api<readonly Diagnostic[]>('/api/diagnostics');
  const hints = new Map(
    diagnostics.map(({ label = '', hint, message }) => [label.replace(/=.*/, ''), `${message} ${hint}`]),
  );
  assert.match(hints.get('trafik.enable') ?? '', /traefik\.enable/);
  assert.match(
    hints.get('traefik.http.middlewares.add-ver.header.options.customrequestheaders.X-Model-Version') ?? '',
    /traefik\.http\.middlewares\.add-ver\.headers\.customrequestheaders\.X-Model-Version/i,
  );
});

test('two containers that claim one router name with different rules are both shown as conflicting', async () => {
  const rule = (path: string) => ({
    'traefik.enable': 'true',
    'traefik.http.routers.twice.rule': `PathPrefix(\`/${path}\`)`,
    'traefik.http.routers.twice.service': 'twice',
    'traefik.http.services.twice.loadbalancer.server.port': '8000',
  });
  await engine.start({ labels: rule('one') });
  await engine.start({ labels: rule('two') });
  const router = await until('the conflict is seen', async () => {
    const found = await gateway.api<RouterView>('/api/http/routers/twice@docker');
    return found.status === 'disabled' ? found : undefined;
  });
  assert.match((router.error ?? []).join(' '), /different|conflict/i);
});

test('an entry point with http.tls serves routers encrypted that are plain elsewhere', async () => {
  await engine.start({ labels: labelsOf('secret') });
  await served('secret');
  const secure = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      getSecurely(
        { port: gateway.port('websecure'), headers: { host }, agent: false, rejectUnauthorized: false },
        (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        },
      ).on('error', reject);
    });
  assert.equal(await secure('secret.example.com'), 200);
  assert.equal(await secure('other.example.com'), 404);
});
