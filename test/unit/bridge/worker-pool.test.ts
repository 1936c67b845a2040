// The worker threads: they get configuration as patches, report back, and are replaced when they die.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createWorkerPool } from '../../../src/bridge/worker-pool.ts';
import { type DynamicConfig, emptyDynamicConfig, type Service } from '../../../src/model/dynamic-config.ts';
import { defaultEntryPoint } from '../../support/gateway.ts';
import { newTls, testTls } from '../../support/tls-material.ts';
import { until } from '../../support/until.ts';

function configOf(version: number, ...names: readonly string[]): DynamicConfig {
  const services = names.map((name): [string, Service] => [
    name,
    {
      name,
      provider: 'test',
      status: 'enabled',
      errors: [],
      origins: [],
      replicas: [],
      strategy: 'wrr',
      passHostHeader: true,
    },
  ]);
  return { ...emptyDynamicConfig, version, services: new Map(services) };
}

/** The pool ends with the test: workers that a failed one leaves behind would keep the file from ending. */
function openPool(t: TestContext, count: number, descriptors: readonly number[][] = []) {
  const seen = {
    applied: [] as number[],
    crashes: [] as string[],
    verdicts: [] as string[],
    ticketKeys: [] as string[],
    pems: [] as string[],
    loads: 0,
    drained: 0,
    /** Descriptors that were announced. */
    listening: [] as number[],
    /** The version that each worker had when it was told to listen. */
    listens: [] as number[],
    spent: 0,
  };
  const pool = createWorkerPool({
    entry: new URL('./echo-worker.ts', import.meta.url),
    count,
    dataPlane: {
      lanes: 'all',
      entryPoints: [defaultEntryPoint],
      udpEntryPoints: [],
      log: { level: 'info', format: 'json', filePath: '' },
      tls: testTls,
    },
    takeSockets: (worker) => {
      const descriptor = descriptors[worker]?.shift();
      return descriptor === undefined ? undefined : new Map([['web', descriptor]]);
    },
    onSpent: () => {
      seen.spent += 1;
    },
    onListening: (_entryPoint, _host, descriptor) => seen.listening.push(descriptor),
    onListenFailed: (what, message) => {
      if (what === 'drained') seen.drained += 1;
      else if (what === 'verdicts') seen.verdicts.push(message);
      else if (what === 'ticket keys') seen.ticketKeys.push(message);
      else if (what === 'pem') seen.pems.push(message);
      else seen.listens.push(Number(message));
    },
    onApplied: (version) => seen.applied.push(version),
    onLoads: (loads) => {
      seen.loads += loads.length;
    },
    onCrash: (_worker, error) => seen.crashes.push(error instanceof Error ? error.message : String(error)),
  });
  t.after(() => pool.drain('end'));
  return { pool, seen };
}

test('every worker applies each version, reports loads that are summed, and drains', async (t) => {
  const { pool, seen } = openPool(t, 2);
  pool.publish(configOf(1, 'a'));
  pool.publish(configOf(2, 'a', 'b'));
  await until('both have both', () => seen.applied.length === 4);
  assert.deepEqual(seen.applied.toSorted(), [1, 1, 2, 2]);
  await until('loads are summed', () => pool.loadOf('b', 'r')?.inFlight === 2);
  const metrics = (await pool.collectMetrics()).flat() as { worker: number; version: number }[];
  assert.deepEqual(metrics.map(({ worker, version }) => [worker, version]).toSorted(), [
    [0, 2],
    [1, 2],
  ]);
  await pool.drain('end');
  assert.equal(seen.drained, 2);
});

test('a worker that dies is replaced and knows what its predecessor knew', async (t) => {
  const { pool, seen } = openPool(t, 1);
  pool.publish(configOf(1, 'a'));
  pool.setVerdicts([{ service: 'a', replica: 'r', verdict: 'up' }]);
  await until('the verdict arrived', () => seen.verdicts.length === 1);
  pool.publish(configOf(2, 'a', 'die'));
  await until('it died', () => seen.crashes.length >= 1);
  assert.match(seen.crashes[0] ?? '', /as asked/);
  // Its error is heard before its end.
  await until('what it had in flight is gone', () => pool.loadOf('a', 'r')?.inFlight === 0);
  pool.publish(configOf(3, 'a'));
  await until('its successor serves the newest version', () => seen.applied.includes(3));
  await until('and has the verdict', () => seen.verdicts.length >= 2);
  assert.deepEqual(new Set(seen.verdicts), new Set(['up']));
  await pool.drain('end');
});

test('keys that are replaced reach all workers, and one that is started later is born with them', async (t) => {
  const { pool, seen } = openPool(t, 2);
  pool.publish(configOf(1, 'a'));
  await until('both are there', () => seen.applied.length === 2);
  const next = newTls();
  pool.setTls(next);
  await until('both have them', () => seen.ticketKeys.length === 2);
  pool.publish(configOf(2, 'die'));
  await until('both died', () => seen.crashes.length >= 2);
  pool.publish(configOf(3, 'a'));
  await until('there are others', () => seen.applied.filter((version) => version === 3).length === 2);
  const metrics = (await pool.collectMetrics()).flat() as { ticketKeys: string }[];
  const keys = Buffer.from(next.ticketKeys).toString('hex');
  assert.deepEqual(
    [...metrics.map(({ ticketKeys }) => ticketKeys), ...seen.ticketKeys],
    [keys, keys, keys, keys],
  );
});

test('every worker knows a certificate before the configuration that names it, and so does a successor', async (t) => {
  const { pool, seen } = openPool(t, 2);
  pool.addPem('ca#1', 'text');
  pool.addPem('ca#1', 'text');
  pool.publish(configOf(1, 'a'));
  await until('both are there', () => seen.applied.length === 2);
  assert.deepEqual(seen.pems, ['ca#1 text', 'ca#1 text'], 'once each');
  pool.publish(configOf(2, 'die'));
  await until('both died', () => seen.crashes.length >= 2);
  pool.publish(configOf(3, 'a'));
  await until('there are others', () => seen.applied.filter((version) => version === 3).length === 2);
  assert.ok(seen.pems.length >= 4);
  assert.deepEqual(new Set(seen.pems), new Set(['ca#1 text']));
});

test('workers listen when they have applied what was published, and so does a successor', async (t) => {
  const { pool, seen } = openPool(t, 2, [
    [10, 11],
    [20, 21],
  ]);
  pool.publish(configOf(1, 'a'));
  await pool.listen();
  await until('both have said so', () => seen.listens.length === 2);
  assert.deepEqual(seen.listens, [1, 1]);
  assert.equal(seen.listening.length, 1, 'an entry point is announced once');
  pool.publish(configOf(2, 'die'));
  pool.publish(configOf(3, 'a'));
  await until('the successors listen', () => seen.listens.length === 4);
  assert.deepEqual(seen.listens.slice(2), [3, 3]);
  assert.equal(seen.spent, 0);
  await pool.drain('end');
});

test('without a socket left a worker is not started again, and the pool says so', async (t) => {
  const { pool, seen } = openPool(t, 1, [[10]]);
  pool.publish(configOf(1, 'a'));
  await pool.listen();
  assert.equal(pool.isSpent(), false);
  pool.publish(configOf(2, 'die'));
  await until('it is spent', () => seen.spent === 1);
  assert.equal(pool.isSpent(), true);
  await pool.drain('end');
});
