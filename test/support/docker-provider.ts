// A Docker provider before a fake Engine, with what it reported so far and waits for conditions instead of times.
import {
  createDockerProvider,
  type DockerProviderHandle,
  type ProviderTimes,
} from '../../src/control-plane/providers/docker/create-docker-provider.ts';
import type { ContainerRecord } from '../../src/model/container.ts';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { DockerProvider } from '../../src/model/startup.ts';
import type { ProviderState } from '../../src/model/view.ts';
import { createFakeEngine, type FakeEngine } from './fake-engine.ts';
import { until as waitUntil } from './until.ts';

export type FollowedEngine = {
  readonly engine: FakeEngine;
  readonly provider: DockerProviderHandle;
  readonly configs: ProviderConfig[];
  readonly states: ProviderState[];
  readonly warnings: string[];
  /** The record of the container of that name. */
  record(name: string): ContainerRecord | undefined;
  /** `state of replica` by replica's container name, for the service, in the last configuration. */
  replicas(service: string): Record<string, string>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Options as they are by default, with another endpoint. */
export function dockerOptions(endpoint: string, options: Partial<DockerProvider> = {}): DockerProvider {
  return {
    endpoint,
    exposedByDefault: true,
    network: '',
    defaultRule: 'Host(`{{ normalize .Name }}`)',
    constraints: '',
    useBindPortIP: false,
    watch: true,
    httpClientTimeoutMs: 0,
    username: '',
    password: '',
    ...options,
  };
}

/** Starts a provider on a new Engine with what `prepare` puts there, and waits for its first configuration. */
export async function followFakeEngine(
  setUp: {
    readonly prepare?: (engine: FakeEngine) => void;
    readonly options?: Partial<DockerProvider>;
    readonly times?: Partial<ProviderTimes>;
  } = {},
): Promise<FollowedEngine> {
  const engine = await createFakeEngine();
  setUp.prepare?.(engine);
  const configs: ProviderConfig[] = [];
  const states: ProviderState[] = [];
  const warnings: string[] = [];
  const provider = createDockerProvider({
    options: dockerOptions(engine.endpoint, setUp.options),
    log: { info: () => {}, warn: (_, message) => warnings.push(message) },
    onConfig: (config) => configs.push(config),
    onState: (state) => states.push(state),
    times: { firstRetryMs: 5, maxRetryMs: 20, ...setUp.times },
  });
  provider.start();
  await until(() => configs.length > 0);
  return {
    engine,
    provider,
    configs,
    states,
    warnings,
    record: (name) => provider.containers().find((record) => record.name === name),
    replicas(service) {
      const replicas = configs.at(-1)?.services.get(service)?.replicas ?? [];
      return Object.fromEntries(replicas.map(({ container, state }) => [container?.name ?? '', state]));
    },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await engine.close();
    },
  };
}

/** Waits until the condition holds; a failure names it. */
export async function until(condition: () => boolean): Promise<void> {
  await waitUntil(String(condition), condition, 10_000);
}
