// The same labels and the same requests through Traefik and through Berth: status, fields of the answer and what the replica
// received must be the same, but for the differences that docs/compatibility.md names. A seed gives other cases:
// BERTH_DIFFERENTIAL_SEED=7 BERTH_DIFFERENTIAL_CASES=1000 node --test test/differential/same-as-traefik.test.ts
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeEngine } from '../support/fake-engine.ts';
import { startGateway } from '../support/gateway-process.ts';
import { until } from '../support/until.ts';
import { ask } from './answer.ts';
import { type Case, makeCases } from './cases.ts';
import { echoReplica, replicaAddress } from './echo-replica.ts';
import { differencesOf } from './known-differences.ts';
import { startTraefik } from './traefik-process.ts';

/** Differences that a failure tells. */
const shown = 10;

const seed = Number(process.env['BERTH_DIFFERENTIAL_SEED'] ?? 1);
const count = Number(process.env['BERTH_DIFFERENTIAL_CASES'] ?? 300);

test(`${count} cases of seed ${seed} are answered as by Traefik`, { timeout: 170_000 }, async () => {
  await using replica = await echoReplica();
  const engine = await createFakeEngine();
  try {
    const cases = makeCases(seed, count, replica.url);
    for (const { name, labels } of cases) engine.run(containerOf(name, labels, replica.port));
    engine.run(
      containerOf(
        'errors-page',
        { 'traefik.enable': 'true', [servicePort('errors-page')]: '80' },
        replica.port,
      ),
    );
    await using traefik = await startTraefik(engine.endpoint);
    await using berth = await startGateway([
      `--providers.docker.endpoint=${engine.endpoint}`,
      '--providers.docker.exposedbydefault=false',
      '--workers=1',
      '--log.level=INFO',
    ]);
    const routers = async (api: <T>(path: string) => Promise<T>) =>
      (await api<{ http: { routers: { total: number } } }>('/api/overview')).http.routers.total;
    await until('Traefik has all routers', async () => (await routers(traefik.api)) > count);
    await until('Berth has all routers', async () => (await routers(berth.api)) > count);
    const differences: string[] = [];
    for (const one of cases) differences.push(...(await compare(one, traefik.port, berth.port('web'))));
    assert.equal(
      differences.length,
      0,
      `Not as by Traefik (-), but (+):\n\n${differences.slice(0, shown).join('\n\n')}`,
    );
  } finally {
    await engine.close();
  }
});

const servicePort = (name: string) => `traefik.http.services.${name}.loadbalancer.server.port`;

function containerOf(name: string, labels: Readonly<Record<string, string>>, port: number) {
  const own = Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [key, key.endsWith('.server.port') ? String(port) : value]),
  );
  return { name, labels: own, ports: [port], networks: { bridge: replicaAddress } };
}

async function compare(
  { labels, requests }: Case,
  traefik: number,
  berth: number,
): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const request of requests) {
    const [theirs, ours] = [await ask(traefik, request), await ask(berth, request)];
    const found = differencesOf(theirs, ours, request);
    if (found.length === 0) continue;
    const told = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    differences.push([...told, request.trimEnd(), ...found].join('\n'));
  }
  return differences;
}
