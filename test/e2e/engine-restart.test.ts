// The Docker Engine goes away and comes back under load: the last good routes serve on, and changes are followed again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OverviewView } from '../../src/model/view.ts';
import { openEngine, upstreamImage } from '../support/engine.ts';
import { startGateway } from '../support/gateway-process.ts';
import { startLoad } from '../support/load.ts';
import { openPrivateEngine } from '../support/private-engine.ts';
import { until } from '../support/until.ts';

const labels = {
  'traefik.http.routers.keep.rule': 'PathPrefix(`/`)',
  'traefik.http.services.keep.loadbalancer.server.port': '8000',
};

test('an Engine restart under load loses no request, and containers started afterwards are served', async () => {
  await using machine = await openEngine();
  await using second = await openPrivateEngine();
  await second.loadImage(upstreamImage);
  void machine;
  await using engine = await openEngine(second.socketPath);
  await using gateway = await startGateway([`--providers.docker.endpoint=unix://${second.socketPath}`]);
  const stateOf = async () => (await gateway.api<OverviewView>('/api/overview')).berth.providerStates[0];

  await engine.start({ labels });
  await engine.start({ labels });
  await until('both serve', async () => {
    const answers = await Promise.all([0, 1, 2, 3].map(() => gateway.get('/')));
    return (
      answers.every(({ status }) => status === 200) &&
      new Set(answers.map(({ headers }) => headers['x-replica'])).size === 2
    );
  });
  await using load = startLoad({ port: gateway.port('web') });
  await until('load runs', () => load.report.done > 20);

  await second.stop();
  const down = await until('the loss is shown', async () => {
    const state = await stateOf();
    return state?.state === 'down' ? state : undefined;
  });
  assert.ok(down.message, 'it says why');
  const during = load.report.done;
  await until('requests go on without the Engine', () => load.report.done > during + 50);

  await second.start();
  await until('the Engine is followed again', async () => (await stateOf())?.state === 'up');
  await engine.start({ labels });
  await until('the new replica serves', () => load.report.replicas.size === 3);
  const { failures } = await load.stop();
  assert.deepEqual(failures, []);
});
