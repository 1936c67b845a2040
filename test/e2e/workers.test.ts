// Several workers and several generations, under load: nobody notices that one of them goes.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFakeEngine } from '../support/fake-engine.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { startLoad } from '../support/load.ts';
import { until } from '../support/until.ts';

/** A replica that answers at once, and under /slow with a chunk every 50 ms, 40 times. */
async function openReplica(): Promise<Server & AsyncDisposable> {
  const server = createServer((request, response) => {
    if (request.url !== '/slow') return void response.end('fine');
    let chunks = 0;
    const timer = setInterval(() => {
      response.write('chunk\n');
      chunks += 1;
      if (chunks < 40) return;
      clearInterval(timer);
      response.end();
    }, 50);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const routes = (name: string, ports: readonly number[]) => ({
  name,
  networks: { bridge: '127.0.0.1' },
  ports,
  labels: {
    'traefik.http.routers.all.rule': 'PathPrefix(`/`)',
    'traefik.http.services.all.loadbalancer.healthcheck.path': '/',
    'traefik.http.services.all.loadbalancer.healthcheck.interval': '30s',
  },
});

async function openSite(flags: readonly string[] = [], nodeFlags: readonly string[] = []) {
  const replica = await openReplica();
  const engine = await createFakeEngine();
  engine.run(routes('app', [(replica.address() as AddressInfo).port]));
  const gateway = await startGateway(
    [`--providers.docker.endpoint=${engine.endpoint}`, '--metrics.prometheus', ...flags],
    {},
    nodeFlags,
  );
  await until('it serves', async () => (await gateway.get('/')).status === 200);
  return {
    gateway,
    engine,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await engine.close();
      await replica[Symbol.asyncDispose]();
    },
  };
}

/** Processes that the first one has started and that still run. */
function childrenOf({ child }: GatewayProcess): readonly number[] {
  const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

const lines = (gateway: GatewayProcess, pattern: RegExp) =>
  gateway.log.filter(({ message }) => pattern.test(String(message)));

const mortal = ['--import', join(import.meta.dirname, '../support/mortal-workers.ts')];

/** Makes the first worker throw, for the nth time. One that is not up yet does not hear of it: then once more. */
async function killWorker(gateway: GatewayProcess, serving: number, round: number): Promise<void> {
  const deaths = () => lines(gateway, /^A worker died/).length;
  await until('it died', async () => {
    if (deaths() >= round) return true;
    process.kill(serving, 'SIGUSR2');
    await until('it hears of it', () => deaths() >= round, 500).catch(() => {});
    return deaths() >= round;
  });
}

async function upgrade(gateway: GatewayProcess): Promise<void> {
  const before = lines(gateway, /^The next process serves/).length;
  gateway.child.kill('SIGHUP');
  await until('the next one serves', () => lines(gateway, /^The next process serves/).length > before);
}

test('SIGHUP under load: no request fails, no stream is cut, and the process stays the same', async () => {
  await using site = await openSite(['--workers=2']);
  const { gateway } = site;
  const [first] = childrenOf(gateway);
  const port = gateway.port('web');
  await using churning = startLoad({ port, clients: 8, churn: true });
  await using keeping = startLoad({ port, clients: 8 });
  for (let round = 0; round < 3; round += 1) {
    const stream = gateway.get('/slow');
    await upgrade(gateway);
    assert.equal((await stream).body.length, 'chunk\n'.length * 40, 'the stream is whole');
  }
  const [churned, kept] = [await churning.stop(), await keeping.stop()];
  assert.deepEqual(churned.failures, []);
  assert.deepEqual(kept.failures, []);
  assert.equal(kept.repeats, 0, 'no kept connection is closed under a request');
  assert.ok(churned.done > 100 && kept.done > 100, 'there was load');
  await until('the old ones have ended', () => childrenOf(gateway).length === 1);
  assert.notEqual(childrenOf(gateway)[0], first);
  assert.equal(await gateway.stop(), 0);
});

test('SIGHUP without a provider: there is no configuration to wait for', async () => {
  await using gateway = await startGateway();
  await upgrade(gateway);
  assert.equal((await gateway.get('/')).status, 404);
});

test('SIGHUP with a faulty file or a taken port: the old one goes on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'berth-upgrade-'));
  const file = join(folder, 'berth.yml');
  writeFileSync(file, 'log: {level: INFO}\n');
  const taken = createServer().listen(0, '127.0.0.1');
  try {
    await using site = await openSite([`--configFile=${file}`]);
    const { gateway } = site;
    const stays = () => lines(gateway, /^There is no next process/);
    const reload = async (text: string) => {
      const before = stays().length;
      writeFileSync(file, text);
      gateway.child.kill('SIGHUP');
      await until('it says that it goes on', () => stays().length > before);
      assert.equal((await gateway.get('/')).status, 200);
      return String(stays().at(-1)?.['reason']);
    };
    assert.match(await reload('log: {level: LOUD}\n'), /configuration is faulty \(exit status 2\)/);
    const { port } = taken.address() as AddressInfo;
    const other = `entryPoints: {other: {address: "127.0.0.1:${port}"}}\n`;
    assert.match(await reload(other), new RegExp(`127\\.0\\.0\\.1:${port} is taken`));

    writeFileSync(file, 'entryPoints: {other: {address: "127.0.0.1:0"}}\n');
    await upgrade(gateway);
    assert.ok(gateway.port('other') > 0, 'and a sound file is taken up');
    assert.equal((await gateway.get('/', { entryPoint: 'other' })).status, 200);
  } finally {
    taken.close();
    await rm(folder, { recursive: true });
  }
});

test('a worker that throws: the others serve, and another one takes its place', async () => {
  await using site = await openSite(['--workers=2'], mortal);
  const { gateway } = site;
  gateway.diesByPurpose();
  await using load = startLoad({ port: gateway.port('web'), clients: 4, churn: true });
  const serving = childrenOf(gateway)[0] ?? 0;
  for (let round = 1; round <= 3; round += 1) {
    await killWorker(gateway, serving, round);
    const done = load.report.done;
    await until('requests are answered', () => load.report.done > done + 50);
  }
  const { failures } = await load.stop();
  // Those that the dead worker had, and no other.
  assert.ok(failures.length <= 3 * 4, failures.join('\n'));
  assert.ok(
    failures.every((text) => /ECONNRESET|socket hang up|cut/.test(text)),
    failures.join('\n'),
  );
  assert.deepEqual(childrenOf(gateway), [serving]);
});

test('a gateway whose workers die again and again is replaced by the next process', async () => {
  await using site = await openSite(['--workers=1'], mortal);
  const { gateway } = site;
  gateway.diesByPurpose();
  const serving = childrenOf(gateway)[0] ?? 0;
  for (let round = 1; round <= 5; round += 1) await killWorker(gateway, serving, round);
  await until('the next process serves', () => lines(gateway, /^The next process serves/).length === 1);
  assert.equal((await gateway.get('/')).status, 200);
});

test('round robin is exact over all workers', async () => {
  const replicas = await Promise.all(Array.from({ length: 4 }, openReplica));
  const engine = await createFakeEngine();
  for (const [at, replica] of replicas.entries()) {
    engine.run(routes(`app-${at}`, [(replica.address() as AddressInfo).port]));
  }
  const served = replicas.map((replica) => {
    const counts = { requests: 0 };
    replica.on('request', ({ headers }) => {
      if (headers.host === 'counted') counts.requests += 1;
    });
    return counts;
  });
  try {
    await using gateway = await startGateway([
      `--providers.docker.endpoint=${engine.endpoint}`,
      '--workers=3',
    ]);
    const up = async () => {
      const all = await gateway.api<readonly unknown[]>('/api/replicas');
      return all.length === 4 && all.every((replica) => JSON.stringify(replica).includes('"up"'));
    };
    await until('all replicas are up', up);
    // Each on a connection of its own, so that they come to all workers.
    for (let at = 0; at < 40; at += 1) {
      assert.equal((await gateway.get('/', { host: 'counted' })).status, 200);
    }
    assert.deepEqual(
      served.map(({ requests }) => requests),
      [10, 10, 10, 10],
    );
  } finally {
    await engine.close();
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
  }
});

test('the metrics of all workers are summed, and each line of the access log is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'berth-lines-'));
  const file = join(folder, 'access.log');
  try {
    await using site = await openSite(['--workers=3', '--accesslog', `--accesslog.filepath=${file}`]);
    const { gateway } = site;
    await using load = startLoad({ port: gateway.port('web'), clients: 8, churn: true });
    await until('there were many', () => load.report.done > 300);
    const { done, failures } = await load.stop();
    assert.deepEqual(failures, []);
    const { body } = await gateway.get('/metrics', { entryPoint: 'traefik' });
    const counts = body.matchAll(/^traefik_entrypoint_requests_total\{code="200".*\} (\d+)$/gm);
    const counted = [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    assert.ok(counted >= done, `${counted} of ${done} were counted`);
    assert.equal(await gateway.stop(), 0);
    const written = readFileSync(file, 'utf8').trim().split('\n');
    const statuses = written.map(
      (line) => (JSON.parse(line) as { DownstreamStatus: number }).DownstreamStatus,
    );
    assert.ok(statuses.filter((status) => status === 200).length >= done);
  } finally {
    await rm(folder, { recursive: true });
  }
});
