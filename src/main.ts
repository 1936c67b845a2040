// Composition root of the main thread: start-up configuration → command, or control plane and workers. No logic.
import { createWorkerPool } from './bridge/worker-pool.ts';
import { dispatch } from './commands/dispatch.ts';
import { createTerminal } from './commands/terminal.ts';
import { type ApiChange, createApi } from './control-plane/api/create-api.ts';
import { replicaSamples } from './control-plane/api/replica-samples.ts';
import { createHealthChecker } from './control-plane/health/create-health-checker.ts';
import { createDockerProvider } from './control-plane/providers/docker/create-docker-provider.ts';
import { createPublisher } from './control-plane/publisher/create-publisher.ts';
import { explainListenError } from './lib/explain-listen-error.ts';
import { emptyDynamicConfig } from './model/dynamic-config.ts';
import type { StartupConfig } from './model/startup.ts';
import type { ProviderState } from './model/view.ts';
import { createControlMetrics } from './observability/control-metrics.ts';
import { createLogger } from './observability/create-logger.ts';
import { mergeMetrics } from './observability/merge-metrics.ts';
import type { StartupFault } from './rules/startup/startup-fault.ts';

const terminal = createTerminal(process.env);
const outcome = await dispatch(process.argv.slice(2), terminal);
if (outcome.kind === 'done') process.exitCode = outcome.exitCode;
else await startGateway(outcome.startup, outcome.warnings);

async function startGateway(startup: StartupConfig, warnings: readonly StartupFault[]): Promise<void> {
  const log = createLogger(startup.log);
  for (const { source, message, hint } of warnings) log.warn({ option: source, hint }, message);

  const listeners = new Set<(change: ApiChange) => void>();
  const notify = (change: ApiChange): void => {
    for (const listener of listeners) listener(change);
  };
  const providerStates = new Map<string, ProviderState>();
  let terminating = false;
  let shutDown: ((exitCode: number) => Promise<void>) | undefined;

  const pool = createWorkerPool({
    entry: new URL('./worker.ts', import.meta.url),
    count: 1,
    dataPlane: startup,
    onListening: (entryPoint, host, port) => log.info({ entryPoint, host, port }, 'Listening.'),
    onListenFailed: (entryPoint, message) => {
      log.fatal({ entryPoint }, message);
      void shutDown?.(1);
    },
    onApplied: (version) => log.debug({ version }, 'A worker serves the configuration.'),
    onLoads: () => notify('loads'),
    onCrash: (worker, error) => log.error({ worker, err: error }, 'A worker died and is started again.'),
  });
  const health = createHealthChecker({
    log,
    onVerdicts: (verdicts) => {
      pool.setVerdicts(verdicts);
      notify('health');
    },
  });
  const publisher = createPublisher({
    entryPoints: startup.entryPoints,
    defaultRuleSyntax: startup.defaultRuleSyntax,
    throttleMs: startup.throttleMs,
    log,
    onConfig: (config) => {
      pool.publish(config);
      health.apply(config);
      metrics?.configApplied(Date.now());
      notify('config');
    },
  });
  const docker =
    startup.docker &&
    createDockerProvider({
      options: startup.docker,
      log,
      onConfig: publisher.receive,
      onState: (state) => {
        providerStates.set(state.provider, state);
        notify('provider');
      },
    });
  const replicas = { config: publisher.current, healthOf: health.statusOf, loadOf: pool.loadOf };
  const metrics = startup.prometheus && createControlMetrics(() => replicaSamples(replicas));
  const api =
    startup.internalEntryPoint &&
    createApi(
      {
        ...replicas,
        providerStates: () => [...providerStates.values()],
        metricsText: async () => mergeMetrics([...(await pool.collectMetrics()), await metrics?.collect()]),
        isTerminating: () => terminating,
        subscribe: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        startedAt: new Date(),
        version: terminal.version,
        log,
      },
      startup,
    );

  shutDown = async (exitCode) => {
    if (terminating) return;
    terminating = true;
    await pool.drain();
    await docker?.close();
    health.close();
    publisher.close();
    await api?.close();
    log.info('Ended.');
    log.flush();
    process.exit(exitCode);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Whoever asks twice means it.
      if (terminating) process.exit(1);
      log.info({ signal }, 'Ending: no new connections, requests under way are finished.');
      void shutDown?.(0);
    });
  }

  const internal = startup.internalEntryPoint;
  if (api !== undefined && internal !== undefined) {
    try {
      log.info({ entryPoint: internal.name, ...(await api.listen()) }, 'Listening.');
    } catch (error) {
      log.fatal({ entryPoint: internal.name }, explainListenError(error, internal.host, internal.port));
      await shutDown(1);
    }
  }
  if (docker === undefined) pool.publish({ ...emptyDynamicConfig, version: 1 });
  else docker.start();
}
