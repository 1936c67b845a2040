// The dashboard on the gateway's own API server: what one says, the other must understand.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { ApiChange } from '../../src/control-plane/api/api-sources.ts';
import { createApi } from '../../src/control-plane/api/create-api.ts';
import { type DynamicConfig, emptyDynamicConfig } from '../../src/model/dynamic-config.ts';
import type { ReplicaLoad } from '../../src/model/messages.ts';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { TcpRouterOptions } from '../../src/model/tcp.ts';
import { resolve } from '../../src/rules/resolve/resolve.ts';
import { loadStartup } from '../../src/rules/startup/load-startup.ts';
import { declare, declareMiddleware, declareRouter, declareService, replicaOf } from '../support/declare.ts';
import { createDashboards } from './open-dashboard.ts';

describe('dashboard on the real API', { timeout: 60_000 }, () => {
  let dashboards: Awaited<ReturnType<typeof createDashboards>>;
  before(async () => {
    dashboards = await createDashboards();
  });
  after(() => dashboards.close());

  it('shows what was declared, and every change as it happens', async () => {
    const gateway = await startApi(dashboards.folder, cluster('starting'));
    try {
      await dashboards.watch(gateway.url, {}, async ({ page, visit, go }) => {
        await visit('#/');
        await page.getByText('Live', { exact: true }).waitFor();
        await page.getByText('tts@docker has 1 of 2 replicas ready').waitFor();
        await page.getByText('Reachable').waitFor();

        await go('#/routers/speech%40docker');
        await page.getByText('1 of 2 ready').waitFor();
        await page.getByText('Requests are answered, but something needs attention.').waitFor();

        gateway.declare(cluster('ready'));
        await page.getByText('2 of 2 ready').waitFor();
        await page.getByText('Requests that match are answered.').waitFor();

        gateway.load({
          service: 'tts@docker',
          replica: 'b',
          inFlight: 7,
          requests: 70,
          failures: 0,
          lastRequest: 1,
        });
        await page.getByText('7 in flight').waitFor();
      });
    } finally {
      await gateway.close();
    }
  });

  it('has a page of TCP where there is any, whose replicas are live', async () => {
    const router = (name: string, options: TcpRouterOptions) => ({
      ...{ name, options: { service: 'db', ...options }, origins: ['db'], faults: [] },
    });
    const gateway = await startApi(
      dashboards.folder,
      declare({
        services: [],
        tcpRouters: [
          router('db', { rule: 'HostSNI(`db.test`)', tls: { passthrough: true } }),
          router('lost', { rule: 'HostSNI(`db.test`)' }),
        ],
        tcpServices: [
          {
            name: 'db',
            options: {},
            origins: ['db'],
            faults: [],
            replicas: [replicaOf('a'), replicaOf('b')],
          },
        ],
      }),
    );
    try {
      await dashboards.watch(gateway.url, {}, async ({ page, visit }) => {
        await visit('#/');
        await page.getByText('Live', { exact: true }).waitFor();
        await page.getByRole('navigation').getByText('TCP').click();
        await page.getByText('Passed through').waitFor();
        await page.getByText('HostSNI(`db.test`) needs TLS').waitFor();
        await page.getByText('2 of 2 ready').waitFor();
        gateway.load({
          ...{ service: 'db@docker (tcp)', replica: 'b', inFlight: 7, requests: 71, failures: 0 },
          lastRequest: 1,
        });
        await page.getByText('71', { exact: true }).waitFor();
      });
    } finally {
      await gateway.close();
    }
  });

  it('says why a router is disabled, and offers the repair', async () => {
    const gateway = await startApi(
      dashboards.folder,
      declare({
        routers: [
          declareRouter('typo', { rule: 'Hots(`typo.test`)' }),
          declareRouter('lost', { service: 'ap' }),
          declareRouter('guarded', { middlewares: ['prefxi'] }),
        ],
        middlewares: [declareMiddleware('prefix')],
      }),
    );
    try {
      await dashboards.watch(gateway.url, {}, async ({ page, visit, go }) => {
        await visit('#/?q=http://typo.test/speech');
        await page.getByRole('heading', { name: 'Routers (1)' }).waitFor();
        assert.equal(await page.locator('mark').textContent(), 'Hots');
        await page.getByText('traefik.http.routers.typo.rule=Host(`typo.test`)').waitFor();

        await go('#/routers/lost%40docker');
        await page.getByText('Not usable').waitFor();
        await page.getByText('traefik.http.routers.lost.service=app', { exact: true }).waitFor();

        await go('#/routers/guarded%40docker');
        await page.getByText('Did you mean prefix@docker?').waitFor();
        await go('#/middlewares/prefix%40docker');
        await page.getByText('addPrefix.prefix').waitFor();
      });
    } finally {
      await gateway.close();
    }
  });

  it('explains what becomes of a request, and answers anew when the configuration changes', async () => {
    const gateway = await startApi(
      dashboards.folder,
      declare({ routers: [declareRouter('speech', { tls: {} })] }),
    );
    try {
      await dashboards.watch(gateway.url, {}, async ({ page, visit }) => {
        await visit('#/');
        await page.getByText('Live', { exact: true }).waitFor();
        await page.getByRole('navigation').getByText('Explain').click();
        await page.getByLabel('URL').fill('http://speech.test/v1');
        await page.getByRole('button', { name: 'Explain' }).click();
        await page.getByText('404: No router takes the request.').waitFor();
        await page.getByText('Ask by https://, or take tls away from the router speech@docker.').waitFor();
        assert.match(page.url(), /url=http%3A%2F%2Fspeech\.test%2Fv1/);

        gateway.declare(declare({ routers: [declareRouter('speech')] }));
        await page.getByText('The router speech@docker takes it').waitFor();
        await page.getByText('Takes it', { exact: true }).waitFor();
      });
    } finally {
      await gateway.close();
    }
  });
});

function cluster(second: 'starting' | 'ready'): ProviderConfig {
  return declare({
    routers: [declareRouter('speech', { service: 'tts' })],
    services: [declareService('tts', {}, { replicas: [replicaOf('a'), replicaOf('b', second)] })],
  });
}

async function startApi(folder: string, first: ProviderConfig) {
  const startup = loadStartup({
    flags: [{ path: ['entryPoints', 'web', 'address'], value: ':80', source: '--entryPoints.web.address' }],
    environment: { TRAEFIK_API_INSECURE: 'true', TRAEFIK_PROVIDERS_DOCKER: 'true' },
    configFile: '',
    readFile: () => undefined,
  }).config;
  const toConfig = (declared: ProviderConfig, previous: DynamicConfig) =>
    resolve({
      providers: [declared],
      entryPoints: [{ name: 'web', asDefault: true }],
      defaultRuleSyntax: 'v3',
      previous,
    });
  const listeners = new Set<(change: ApiChange) => void>();
  let config = toConfig(first, emptyDynamicConfig);
  let load: ReplicaLoad | undefined;
  const tell = (change: ApiChange) => {
    for (const listener of listeners) listener(change);
  };
  const api = createApi(
    {
      config: () => config,
      healthOf: () => undefined,
      loadOf: (service, replica) =>
        load?.service === service && load.replica === replica ? load : undefined,
      providerStates: () => [{ provider: 'docker', state: 'up', since: new Date().toISOString() }],
      metricsText: async () => '',
      isTerminating: () => false,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      startedAt: new Date(),
      version: '0.1.0',
    },
    { ...startup, internalEntryPoint: { name: 'traefik', host: '127.0.0.1', port: 0 } },
    pathToFileURL(`${folder}/`),
  );
  const { port } = await api.listen();
  return {
    url: `http://127.0.0.1:${port}/dashboard/`,
    declare: (declared: ProviderConfig) => {
      config = toConfig(declared, config);
      tell('config');
    },
    load: (value: ReplicaLoad) => {
      load = value;
      tell('loads');
    },
    close: () => api.close(),
  };
}
