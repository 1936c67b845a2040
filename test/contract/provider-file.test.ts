// The file provider keeps the contract of providers.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileProvider } from '../../src/control-plane/providers/file/create-file-provider.ts';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { ProviderState } from '../../src/model/view.ts';
import { providerContract } from './provider-contract.ts';

providerContract('File provider', async () => {
  const home = mkdtempSync(join(tmpdir(), 'berth-files-'));
  const directory = join(home, 'routes');
  const away = join(home, 'away');
  const configs: ProviderConfig[] = [];
  const states: ProviderState[] = [];
  let present = true;
  const fileOf = (service: string) => join(present ? directory : away, `${service}.yaml`);
  const provider = createFileProvider({
    options: { filename: '', directory, watch: true },
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: (state) => states.push(state),
    times: { quietMs: 5, maxQuietMs: 100, pollMs: 200, retryMs: 20 },
  });
  mkdirSync(directory);
  return {
    name: 'file',
    configs,
    states,
    start: provider.start,
    close: provider.close,
    addService: (service) =>
      writeFileSync(
        fileOf(service),
        `http:
  routers: {${service}: {rule: Host(\`${service}\`), service: ${service}}}
  services: {${service}: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}}
`,
      ),
    removeService: (service) => rmSync(fileOf(service)),
    async cutOff() {
      renameSync(directory, away);
      present = false;
    },
    async restore() {
      renameSync(away, directory);
      present = true;
    },
    dispose: async () => rmSync(home, { recursive: true }),
  };
});
