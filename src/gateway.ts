// Composition root of the process that serves: control plane on its main thread, workers beside it. No logic.
import { createWorkerPool } from './bridge/worker-pool.ts';
import type { GatewaySettings } from './commands/gateway-settings.ts';
import type { ApiChange } from './control-plane/api/api-sources.ts';
import { openInternalDoor } from './control-plane/api/internal-door.ts';
import { replicaSamples } from './control-plane/api/replica-samples.ts';
import { createKeyRing } from './control-plane/certificates/create-key-ring.ts';
import { createPemBook } from './control-plane/certificates/create-pem-book.ts';
import { readServersTransport } from './control-plane/certificates/read-servers-transport.ts';
import { createHealthChecker } from './control-plane/health/create-health-checker.ts';
import { createProviders } from './control-plane/providers/create-providers.ts';
import { createPublisher } from './control-plane/publisher/create-publisher.ts';
import type { DrainReason } from './model/messages.ts';
import { providersOf } from './model/startup.ts';
import type { ProviderState } from './model/view.ts';
import { createLogger } from './observability/create-logger.ts';
import { toInternalConfig } from './rules/resolve/internal-config.ts';
import { collectAtRest } from './shepherd/collect-at-rest.ts';
import { createInheritedSockets } from './shepherd/inherited-sockets.ts';
import { connectToShepherd } from './shepherd/shepherd-link.ts';

/** A successor waits so long for the first verdicts on its replicas before it serves without them. */
const verdictsLimitMs = 10_000;
/** How long after a failure to be renewed the gateway asks again. */
const renewAgainMs = 5_000;

const shepherd = await connectToShepherd();
const { isSuccessor, faults } = shepherd.start;
const { startup, warnings, version } = shepherd.start.settings as GatewaySettings;
const sockets = createInheritedSockets(shepherd.start.sockets);

// What is not configured is not loaded: each of these takes megabytes.
const hasApi = startup.api !== undefined || startup.ping !== undefined || startup.prometheus !== undefined;
const apiModule = hasApi ? await import('./control-plane/api/create-api.ts') : undefined;
const metricsModule = startup.prometheus && (await import('./observability/control-metrics.ts'));

const log = createLogger(startup.log);
for (const { source, message, hint } of warnings) log.warn({ option: source, hint }, message);

const listeners = new Set<(change: ApiChange) => void>();
const notify = (change: ApiChange): void => {
  for (const listener of listeners) listener(change);
};
const providerStates = new Map<string, ProviderState>();
let isTerminating = false;
let isStopping = false;
let isFirstConfig = true;

const transport =
  startup.serversTransport &&
  readServersTransport(startup.serversTransport, ({ message, hint }) =>
    log.error({ option: 'serversTransport.rootCAs', hint }, message),
  );
const door = apiModule && (await openInternalDoor(apiModule.maxHeaderBytes));
const keyRing = createKeyRing((material) => pool.setTls(material));
const pool = createWorkerPool({
  entry: new URL('./worker.ts', import.meta.url),
  count: startup.workers,
  dataPlane: {
    ...startup,
    udpEntryPoints: startup.udpEntryPoints.map((one) => ({ ...one, family: sockets.familyOf(one.name) })),
    tls: keyRing.material(),
    ...(transport && { transport }),
    ...(door === undefined ? {} : { internalDoor: { origin: door.origin, key: door.key } }),
  },
  takeSockets: (worker) =>
    sockets.take(
      worker,
      [...startup.entryPoints, ...startup.udpEntryPoints].map(({ name }) => name),
    ),
  onSpent: () => {
    log.error('Workers die again and again: this process is replaced.');
    shepherd.renew();
  },
  onListening: (entryPoint, host, port) => log.info({ entryPoint, host, port }, 'Listening.'),
  onListenFailed: (entryPoint, message) => {
    log.fatal({ entryPoint }, message);
    void stop('end', 1);
  },
  onApplied: (version) => log.debug({ version }, 'A worker serves the configuration.'),
  onLoads: () => notify('loads'),
  onCrash: (worker, error) => log.error({ worker, err: error }, 'A worker died and is started again.'),
});
const health = createHealthChecker({
  log,
  transport,
  onVerdicts: (verdicts) => {
    pool.setVerdicts(verdicts);
    notify('health');
  },
});
const builtIn = toInternalConfig(startup);
const publisher = createPublisher({
  entryPoints: startup.entryPoints,
  udpEntryPoints: startup.udpEntryPoints.map(({ name }) => name),
  providers: providersOf(startup),
  precedence: startup.precedence,
  builtIn,
  defaultRuleSyntax: startup.defaultRuleSyntax,
  throttleMs: startup.throttleMs,
  pems: createPemBook(pool.addPem),
  log,
  onConfig: (config) => {
    pool.publish(config);
    health.apply(config);
    metrics?.configApplied(Date.now());
    notify('config');
    if (isFirstConfig && isSuccessor) void health.whenKnown(verdictsLimitMs).then(serve);
    isFirstConfig = false;
  },
});
const providers = await createProviders(startup, {
  log,
  onConfig: publisher.receive,
  onState: (state) => {
    providerStates.set(state.provider, state);
    notify('provider');
  },
});
const replicas = { config: publisher.current, healthOf: health.statusOf, loadOf: pool.loadOf };
const metrics = metricsModule?.createControlMetrics(() => replicaSamples(replicas));
const api = apiModule?.createApi(
  {
    ...replicas,
    providerStates: () => [...providerStates.values()],
    metricsText: async () => {
      const { mergeMetrics } = await import('./observability/merge-metrics.ts');
      return mergeMetrics([...(await pool.collectMetrics()), await metrics?.collect()]);
    },
    isTerminating: () => isTerminating,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startedAt: new Date(),
    version,
    log,
  },
  startup,
);

if (api !== undefined) door?.serve(api.answer);

async function serve(): Promise<void> {
  const internal = startup.internalEntryPoint;
  // Whoever gets an answer of /ping may send requests.
  await pool.listen();
  if (api !== undefined && internal !== undefined) {
    const address = await api.listen(sockets.take(0, [internal.name])?.get(internal.name));
    log.info({ entryPoint: internal.name, ...address }, 'Listening.');
  }
  shepherd.ready();
}

async function stop(reason: DrainReason, exitCode: number): Promise<void> {
  if (isStopping) {
    // A process that has been replaced may be waiting for its last relays.
    if (reason === 'end') await pool.drain(reason);
    return;
  }
  isStopping = true;
  sockets.close();
  // The successor answers there: a load balancer must not hear of an end.
  if (reason === 'handed-over') await api?.leave();
  else api?.endStreams();
  await pool.drain(reason);
  await Promise.all(providers.map((provider) => provider.close()));
  health.close();
  keyRing.close();
  publisher.close();
  await api?.close();
  await door?.close();
  log.info('Ended.');
  log.flush();
  process.exit(exitCode);
}

shepherd.follow({
  retire() {
    log.info('The next process serves: requests under way are finished here.');
    void stop('handed-over', 0);
  },
  stay(reason) {
    log.error({ reason }, 'There is no next process: this one goes on.');
    if (pool.isSpent()) setTimeout(shepherd.renew, renewAgainMs);
  },
  end(signal) {
    // Whoever asks twice means it.
    if (isTerminating) process.exit(1);
    isTerminating = true;
    log.info({ signal }, 'Ending: no new connections, requests under way are finished.');
    void stop('end', 0);
  },
});

for (const { entryPoint, message } of faults) log.fatal({ entryPoint }, message);
if (faults.length > 0) await stop('end', 1);
// A successor waits for its first configuration: without a provider, for the gateway's own.
if (!isSuccessor) void serve();
if (providers.length === 0) publisher.receive(builtIn);
for (const provider of providers) provider.start();
collectAtRest();
