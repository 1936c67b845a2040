// First listing of 10,000 labelled containers, and one event among them, until the data plane serves by the result.
import { createWorkerPool } from '../../src/bridge/worker-pool.ts';
import { createDockerProvider } from '../../src/control-plane/providers/docker/create-docker-provider.ts';
import { createPublisher } from '../../src/control-plane/publisher/create-publisher.ts';
import { loadStartup } from '../../src/rules/startup/load-startup.ts';
import { parseArguments } from '../../src/rules/startup/parse-arguments.ts';
import { reportBench, summarise } from '../support/bench-report.ts';
import { dockerOptions } from '../support/docker-provider.ts';
import { type EngineThread, startEngineThread } from '../support/fake-engine-thread.ts';
import { testTls } from '../support/tls-material.ts';

/** `web` with its defaults, on a free port of loopback. */
const { config: startup } = loadStartup({
  flags: parseArguments(['--entrypoints.web.address=127.0.0.1:0'], {}).entries,
  environment: {},
  configFile: '',
  readFile: () => undefined,
});

/** Arguments: number of containers (10000), rounds of listings (5), events of each kind (20). */
export async function run(args: readonly string[]): Promise<void> {
  const [count = 10_000, rounds = 5, events = 20] = args.map(Number);
  const engine = await startEngineThread(count);
  const listings: number[] = [];
  for (let round = 1; round < rounds; round++) {
    const gateway = await list(engine);
    listings.push(gateway.listedMs);
    await gateway.close();
  }
  const gateway = await list(engine);
  listings.push(gateway.listedMs);
  const rows = [
    { what: `first listing of ${count} containers`, limit: 2_000, ...summarise(listings), cpu: '' },
  ];
  for (const { what, steps } of scenarios(count)) {
    const samples: Sample[] = [];
    for (let at = 0; at < events; at++) {
      for (const { action, measured } of steps) {
        const sample = await gateway.follow(engine, action, Math.floor((count / events) * at));
        if (measured) samples.push(sample);
      }
    }
    const cpu = summarise(samples.map(({ cpuMs }) => cpuMs)).median.toString();
    rows.push({ what, limit: 20, ...summarise(samples.map(({ tookMs }) => tookMs)), cpu });
  }
  await gateway.close();
  await engine.close();
  reportBench(
    'inventory',
    'milliseconds. Listing: provider start → the data plane serves by version 1, fresh provider and worker each round in one process, the Engine in another thread. Event: written on the socket → the data plane serves by the new version; cpu: median CPU time of the control thread for it, which noise hardly moves.',
    rows,
  );
}

type Sample = { readonly tookMs: number; readonly cpuMs: number };

type Action = Parameters<EngineThread['act']>[0];

function scenarios(count: number) {
  const step = (action: Action, measured = true) => ({ action, measured });
  return [
    {
      what: `health_status among ${count}`,
      steps: [step('unhealthy'), step('die', false), step('start', false)],
    },
    { what: `kill among ${count}`, steps: [step('kill'), step('die', false), step('start', false)] },
    { what: `die among ${count}`, steps: [step('die'), step('start', false)] },
    { what: `start among ${count} (with its inspection)`, steps: [step('die', false), step('start')] },
  ];
}

async function list(engine: EngineThread) {
  let served: () => void = () => {};
  const listening = Promise.withResolvers<void>();
  const pool = createWorkerPool({
    entry: new URL('../../src/worker.ts', import.meta.url),
    count: 1,
    dataPlane: {
      lanes: startup.lanes,
      entryPoints: startup.entryPoints,
      udpEntryPoints: [],
      log: { level: 'error', format: 'json', filePath: '' },
      tls: testTls,
    },
    takeSockets: () => new Map(),
    onSpent: () => {},
    onListening: () => listening.resolve(),
    onListenFailed: (_entryPoint, message) => listening.reject(new Error(message)),
    onApplied: () => served(),
    onLoads: () => {},
    onCrash: (_worker, error) => listening.reject(error),
  });
  void pool.listen();
  await listening.promise;
  const publisher = createPublisher({
    providers: [],
    entryPoints: [{ name: 'web', asDefault: true }],
    defaultRuleSyntax: 'v3',
    throttleMs: 0,
    onConfig: pool.publish,
    log: { info: () => {}, warn: () => {} },
  });
  const provider = createDockerProvider({
    options: dockerOptions(engine.endpoint),
    log: { info: () => {}, warn: () => {} },
    onConfig: publisher.receive,
    onState: () => {},
  });
  const nextVersion = () =>
    new Promise<number>((resolve) => {
      served = () => resolve(performance.timeOrigin + performance.now());
    });
  const startedAt = performance.timeOrigin + performance.now();
  const first = nextVersion();
  provider.start();
  const listedMs = (await first) - startedAt;
  return {
    listedMs,
    async follow(thread: EngineThread, action: Action, container: number): Promise<Sample> {
      // Let what an earlier event has caused (its confirming inspection) come to rest.
      await new Promise((resolve) => setTimeout(resolve, 60));
      const applied = nextVersion();
      const before = process.threadCpuUsage();
      const writtenAt = await thread.act(action, container);
      const tookMs = (await applied) - writtenAt;
      const { user, system } = process.threadCpuUsage(before);
      return { tookMs, cpuMs: (user + system) / 1_000 };
    },
    async close() {
      await provider.close();
      publisher.close();
      await pool.drain('end');
    },
  };
}
