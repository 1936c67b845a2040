// The internal entry point where nothing is switched on, and the addresses on which it listens.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { config, type FakeGateway, startFakeGateway, startup } from './fake-gateway.ts';

describe('what is switched off', { timeout: 20_000 }, () => {
  let gateway: FakeGateway | undefined;
  afterEach(() => gateway?.close());

  it('is not there', async () => {
    const { api: _a, prometheus: _p, ping: _i, ...bare } = startup;
    gateway = await startFakeGateway();
    await gateway.close();
    const { createApi } = await import('../../../../src/control-plane/api/create-api.ts');
    const api = createApi(
      {
        config: () => config({}),
        healthOf: () => undefined,
        loadOf: () => undefined,
        providerStates: () => [],
        metricsText: async () => '',
        isTerminating: () => false,
        subscribe: () => () => {},
        startedAt: new Date(),
        version: '0',
      },
      bare,
    );
    const { port } = await api.listen();
    for (const path of ['/api/version', '/metrics', '/ping', '/dashboard/', '/']) {
      assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 404, path);
    }
    await api.close();
  });

  it('says at the start that an address is taken', async () => {
    gateway = await startFakeGateway();
    const { port } = gateway;
    await assert.rejects(
      startFakeGateway({ internalEntryPoint: { name: 'traefik', host: '127.0.0.1', port } }),
      { code: 'EADDRINUSE' },
    );
  });

  it('listens on all addresses when the host is empty', async () => {
    gateway = await startFakeGateway({ internalEntryPoint: { name: 'traefik', host: '', port: 0 } });
    assert.equal((await gateway.get('/ping')).status, 200);
  });
});
