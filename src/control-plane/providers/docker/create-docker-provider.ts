// The Docker provider: follows the Engine as long as it lives, and keeps the last good routes while the Engine does not.
import { createBackoff } from '../../../lib/backoff.ts';
import { createPacer } from '../../../lib/pacer.ts';
import type { ContainerRecord } from '../../../model/container.ts';
import type { DockerProvider } from '../../../model/startup.ts';
import { pause } from '../pause.ts';
import type { Provider, ProviderIo } from '../provider.ts';
import { createSourceState } from '../report-state.ts';
import { createContainerDeclarer, providerName, type Surroundings } from './declare-containers.ts';
import { connectEngine, type EngineClient } from './engine-client.ts';
import { explainEngineFault } from './engine-fault.ts';
import { followEngine } from './follow-engine.ts';
import { createInventory } from './inventory.ts';
import { findHostAddress, loopback, readOwnIds } from './own-container.ts';

/** What the provider works with. */
export type DockerProviderIo = ProviderIo & {
  readonly options: DockerProvider;
  /** Times in milliseconds; only tests set them. */
  readonly times?: Partial<ProviderTimes>;
};

/** Lengths of time, in milliseconds. */
export type ProviderTimes = {
  /** Between two listings that heal missed events. */
  readonly relistMs: number;
  /** The first pause before a reconnection, and the longest. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
};

const defaultTimes: ProviderTimes = { relistMs: 300_000, firstRetryMs: 100, maxRetryMs: 5_000 };

/** A provider with its life. */
export type DockerProviderHandle = Provider & {
  /** The containers as they are known now. */
  containers(): readonly ContainerRecord[];
};

/** Creates the provider; nothing happens before `start`. */
export function createDockerProvider(io: DockerProviderIo): DockerProviderHandle {
  const { options, log, onConfig } = io;
  const times = { ...defaultTimes, ...io.times };
  const inventory = createInventory();
  const declare = createContainerDeclarer(options);
  const closing = new AbortController();
  let surroundings: Surroundings = { ownIds: [], hostAddress: loopback };
  let engine: EngineClient | undefined;
  let listed = false;
  const state = createSourceState(providerName, io);
  let running: Promise<void> | undefined;

  const pacer = createPacer({
    run() {
      const config = declare(inventory.records(), surroundings);
      onConfig(state.withLoss(config));
    },
  });
  /** Nothing is declared before the first listing: half a configuration would answer 404 for the other half. */
  const publish = (): void => {
    if (listed) pacer.request();
  };
  const onListed = (): void => {
    listed = true;
    state.up();
    log.info({ containers: inventory.records().size }, 'The containers have been listed.');
    publish();
  };
  const onLost = (error: unknown): void => {
    if (state.down(explainEngineFault(error, options.endpoint), error)) publish();
  };

  const lookAround = async (): Promise<void> => {
    surroundings = { ...surroundings, ownIds: await readOwnIds() };
    if (surroundings.ownIds.length === 0) return;
    // The name service may be slow, and hardly any container is in host mode: nothing waits for it.
    void findHostAddress().then((hostAddress) => {
      surroundings = { ...surroundings, hostAddress };
      publish();
    });
  };

  const runOnce = async (reset: () => void): Promise<void> => {
    engine = await connectEngine(options);
    try {
      if (closing.signal.aborted) return;
      if (!options.watch) {
        inventory.applyList(inventory.beginReading(), await engine.list());
        onListed();
        return;
      }
      await followEngine({
        engine,
        inventory,
        relistMs: times.relistMs,
        onChange: publish,
        onListed() {
          reset();
          onListed();
        },
        onTrouble: (message, error) => log.warn({ err: error }, message),
      });
    } finally {
      engine.close();
    }
  };

  const run = async (): Promise<void> => {
    state.connecting();
    await lookAround();
    const backoff = createBackoff({ firstMs: times.firstRetryMs, maxMs: times.maxRetryMs });
    while (!closing.signal.aborted) {
      try {
        await runOnce(backoff.reset);
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        onLost(error);
      }
      await pause(backoff.next(), closing.signal);
    }
  };

  return {
    start() {
      running ??= run();
    },
    async close() {
      closing.abort();
      pacer.close();
      engine?.close();
      await running;
    },
    containers: () => [...inventory.records().values()],
  };
}
