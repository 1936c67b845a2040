// The fake Engine in a thread of its own, so that its work is not measured as the gateway's. It answers from rows that
// were made before the clock starts, as a recorded Engine would.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { toListed } from './fake-container.ts';
import { createFakeEngine } from './fake-engine.ts';

export type EngineThread = {
  readonly endpoint: string;
  /** Does it, and gives the time (milliseconds since the epoch, with fractions) at which the event was written. */
  act(action: 'kill' | 'die' | 'start' | 'unhealthy' | 'run', container: number): Promise<number>;
  close(): Promise<void>;
};

/** Starts an Engine with `count` running, labelled containers, each with a router and a service of its own. */
export async function startEngineThread(count: number): Promise<EngineThread> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { count } });
  const next = (): Promise<unknown> => new Promise((resolve) => worker.once('message', resolve));
  const endpoint = String(await next());
  return {
    endpoint,
    async act(action, container) {
      const done = next();
      worker.postMessage({ action, container });
      return Number(await done);
    },
    async close() {
      const done = next();
      worker.postMessage({ action: 'close' });
      await done;
      await worker.terminate();
    },
  };
}

if (!isMainThread && parentPort !== null) await serve(Number(workerData.count));

async function serve(count: number): Promise<void> {
  const engine = await createFakeEngine();
  const ids = Array.from({ length: count }, (_, at) => engine.run(containerOf(at)));
  const list = JSON.stringify([...engine.containers.values()].map(toListed));
  engine.interfere = (path) => (path.startsWith('/containers/json') ? { body: list } : undefined);
  parentPort?.on('message', ({ action, container }: { action: string; container: number }) => {
    if (action === 'close') {
      void engine.close().then(() => parentPort?.postMessage('closed'));
      return;
    }
    const id = ids[container] ?? '';
    const writtenAt = performance.timeOrigin + performance.now();
    if (action === 'kill') engine.kill(id);
    else if (action === 'die') engine.die(id);
    else if (action === 'start') engine.start(id);
    else if (action === 'unhealthy') engine.setHealth(id, 'unhealthy');
    else ids[container] = engine.run(containerOf(container));
    parentPort?.postMessage(writtenAt);
  });
  parentPort?.postMessage(engine.endpoint);
}

function containerOf(at: number) {
  const name = `cosyvoice-${String(at).padStart(5, '0')}`;
  return {
    name,
    health: 'healthy' as const,
    ports: [7860],
    networks: { stack_default: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}` },
    networkMode: 'stack_default',
    labels: {
      'com.docker.compose.project': `project-${at}`,
      'com.docker.compose.service': 'cosyvoice',
      'com.docker.compose.container-number': '1',
      'traefik.enable': 'true',
      [`traefik.http.routers.${name}.rule`]: `Host(\`${name}.example.com\`)`,
      [`traefik.http.routers.${name}.entrypoints`]: 'web',
      [`traefik.http.routers.${name}.service`]: name,
      [`traefik.http.services.${name}.loadbalancer.server.port`]: '7860',
      [`traefik.http.services.${name}.loadbalancer.healthcheck.path`]: '/healthz',
      [`traefik.http.services.${name}.loadbalancer.healthcheck.interval`]: '10s',
    },
  };
}
