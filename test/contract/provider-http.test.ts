// The HTTP provider keeps the contract of providers.
import { createHttpProvider } from '../../src/control-plane/providers/http/create-http-provider.ts';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { ProviderState } from '../../src/model/view.ts';
import { openConfigEndpoint } from '../support/config-endpoint.ts';
import { providerContract } from './provider-contract.ts';

providerContract('HTTP provider', async () => {
  const services = new Set<string>();
  let isAway = false;
  const endpoint = await openConfigEndpoint((request, response) => {
    if (isAway) {
      request.socket.destroy();
      return;
    }
    // Everything stands in the same line whatever else is there: where an object stands is a part of it.
    const lines = (toText: (name: string) => string) =>
      ['a', 'b'].map((name) => (services.has(name) ? `    ${toText(name)}` : '')).join('\n');
    response.end(`http:
  routers:
${lines((name) => `${name}: {rule: Host(\`${name}\`), service: ${name}}`)}
  services:
${lines((name) => `${name}: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}`)}
`);
  });
  const configs: ProviderConfig[] = [];
  const states: ProviderState[] = [];
  const provider = createHttpProvider({
    options: {
      endpoint: endpoint.url,
      pollIntervalMs: 10,
      pollTimeoutMs: 30_000,
      headers: {},
      maxResponseBodySize: -1,
    },
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: (state) => states.push(state),
  });
  return {
    name: 'http',
    configs,
    states,
    start: provider.start,
    close: provider.close,
    addService: (service) => void services.add(service),
    removeService: (service) => void services.delete(service),
    async cutOff() {
      isAway = true;
    },
    async restore() {
      isAway = false;
    },
    dispose: async () => endpoint[Symbol.asyncDispose](),
  };
});
