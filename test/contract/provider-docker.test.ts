// The Docker provider keeps the contract of providers.
import { createDockerProvider } from '../../src/control-plane/providers/docker/create-docker-provider.ts';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { ProviderState } from '../../src/model/view.ts';
import { dockerOptions } from '../support/docker-provider.ts';
import { createFakeEngine } from '../support/fake-engine.ts';
import { providerContract } from './provider-contract.ts';

providerContract('Docker provider', async () => {
  const engine = await createFakeEngine();
  const configs: ProviderConfig[] = [];
  const states: ProviderState[] = [];
  const ids = new Map<string, string>();
  const provider = createDockerProvider({
    options: dockerOptions(engine.endpoint),
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: (state) => states.push(state),
    times: { firstRetryMs: 5, maxRetryMs: 20 },
  });
  return {
    name: 'docker',
    configs,
    states,
    start: provider.start,
    close: provider.close,
    addService: (service) => void ids.set(service, engine.run({ name: service })),
    removeService: (service) => engine.remove(ids.get(service) ?? ''),
    cutOff: engine.goAway,
    restore: engine.comeBack,
    dispose: engine.close,
  };
});
