// An Engine that is reached over TLS with client certificates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OverviewView } from '../../src/model/view.ts';
import { openEngine } from '../support/engine.ts';
import { startGateway } from '../support/gateway-process.ts';
import { openTlsEngine } from '../support/tls-engine.ts';
import { until } from '../support/until.ts';

test('containers are followed over TLS', async () => {
  await using engine = await openEngine();
  await using tls = await openTlsEngine();
  const files = (['ca', 'cert', 'key'] as const).map((name) => `--providers.docker.tls.${name}=${tls[name]}`);
  await using gateway = await startGateway([
    `--providers.docker.endpoint=${tls.endpoint}`,
    engine.constraint,
    ...files,
  ]);
  await engine.start({
    labels: {
      'traefik.http.routers.tls.rule': 'PathPrefix(`/`)',
      'traefik.http.services.tls.loadbalancer.server.port': '8000',
    },
  });
  await until('it is served', async () => (await gateway.get('/')).status === 200);
});

test('without the client certificate it says what is wrong, and answers 503', async () => {
  await using tls = await openTlsEngine();
  await using gateway = await startGateway([
    `--providers.docker.endpoint=${tls.endpoint}`,
    `--providers.docker.tls.ca=${tls.ca}`,
  ]);
  const down = await until('the fault is shown', async () => {
    const [state] = (await gateway.api<OverviewView>('/api/overview')).berth.providerStates;
    return state?.state === 'down' ? state : undefined;
  });
  assert.match(down.message ?? '', /certificate|TLS/i);
  assert.equal((await gateway.get('/')).status, 503);
});
