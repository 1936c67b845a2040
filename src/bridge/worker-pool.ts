// The control plane's end of the bridge: the worker threads of the data plane. A worker that dies is started again
// with all that its predecessor knew, while the others go on serving.
import { Worker } from 'node:worker_threads';
import { retireWriter } from '../lib/shared-cells.ts';
import { type DynamicConfig, emptyDynamicConfig } from '../model/dynamic-config.ts';
import type {
  BackMessage,
  DataPlaneOptions,
  DrainReason,
  ForwardMessage,
  ReplicaLoad,
  ReplicaVerdict,
} from '../model/messages.ts';
import type { TlsMaterial } from '../model/tls-material.ts';
import { createCellBook } from './cell-book.ts';
import { diffConfigs } from './config-patch.ts';
import { createLoadBook } from './load-book.ts';
import { patchOfCounted } from './patch-of-counted.ts';
import { createSharedLimits } from './shared-limits.ts';

/** Respawn delays: at once for the first crash, then slower, so that a crash loop cannot eat a core. */
const respawnDelaysMs = [0, 100, 250, 500, 2_000, 5_000] as const;
/** A worker that lived this long has proven itself: its next crash is again the first. */
const provenAfterMs = 30_000;
/** How long a scrape waits for a worker before it goes without it. */
const metricsTimeoutMs = 2_000;

/** What the pool runs, and who hears its reports. */
export type WorkerPoolOptions = {
  /** The module that a worker runs. */
  readonly entry: URL;
  readonly count: number;
  readonly dataPlane: Omit<DataPlaneOptions, 'worker'>;
  /**
   * Descriptors by entry point for the next life of a worker, which closes them with its end; undefined when there are no
   * more: then it is not started again, and `onSpent` hears of it.
   */
  takeSockets(worker: number): ReadonlyMap<string, number> | undefined;
  onSpent(): void;
  /** Once for each entry point: all workers are on one address. */
  onListening(entryPoint: string, host: string, port: number): void;
  onListenFailed(entryPoint: string, message: string): void;
  onApplied(version: number): void;
  onLoads(loads: readonly ReplicaLoad[]): void;
  onCrash(worker: number, error: unknown): void;
};

/** All workers as one. */
export type WorkerPool = {
  /**
   * Lets the workers listen, each when it has applied what was published before. Resolves when all do, everywhere. A worker
   * that is started later listens by itself.
   */
  listen(): Promise<void>;
  publish(config: DynamicConfig): void;
  setVerdicts(verdicts: readonly ReplicaVerdict[]): void;
  /** Lets all workers, and those to come, know a certificate or key before the configuration that names it. */
  addPem(name: string, text: string): void;
  /** Replaces the keys of all workers, and of those to come. */
  setTls(material: TlsMaterial): void;
  /** Whether a worker was not started again for want of sockets. */
  isSpent(): boolean;
  /** Sums over the workers; undefined before the first report. */
  loadOf(service: string, replica: string): ReplicaLoad | undefined;
  /** One prom-client JSON list for each worker that answered in time. */
  collectMetrics(): Promise<readonly unknown[]>;
  /** Resolves when every worker has finished what was under way, then ends them. */
  drain(reason: DrainReason): Promise<void>;
};

type Member = {
  readonly worker: Worker;
  readonly drained: PromiseWithResolvers<void>;
  /** Entry points on which it listens. */
  readonly listens: Set<string>;
};

/** Starts `count` workers. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const members = new Map<number, Member>();
  const loads = createLoadBook();
  const cellBook = createCellBook(options.count);
  const limits = createSharedLimits(options.count);
  const verdicts = new Map<string, Map<string, ReplicaVerdict>>();
  const scrapes = new Map<string, (metrics: unknown) => void>();
  const pems = new Map<string, string>();
  let config = emptyDynamicConfig;
  let tls = options.dataPlane.tls;
  const announced = new Set<string>();
  const allListen = Promise.withResolvers<void>();
  let nextScrape = 0;
  let listening = false;
  let draining = false;
  let spent = false;

  function receive(index: number, message: BackMessage): void {
    switch (message.type) {
      case 'listening':
        noteListening(index, message.entryPoint, message.host, message.port);
        break;
      case 'listen-failed':
        options.onListenFailed(message.entryPoint, message.message);
        break;
      case 'applied':
        options.onApplied(message.version);
        break;
      case 'loads':
        options.onLoads(loads.record(index, message.loads));
        break;
      case 'metrics':
        scrapes.get(`${index}/${message.id}`)?.(message.metrics);
        break;
      case 'drained':
        members.get(index)?.drained.resolve();
        break;
    }
  }

  function noteListening(index: number, entryPoint: string, host: string, port: number): void {
    members.get(index)?.listens.add(entryPoint);
    if (!announced.has(entryPoint)) options.onListening(entryPoint, host, port);
    announced.add(entryPoint);
    const { entryPoints, udpEntryPoints } = options.dataPlane;
    const expected = entryPoints.length + udpEntryPoints.length;
    const ready = [...members.values()].filter(({ listens }) => listens.size === expected);
    if (ready.length === options.count) allListen.resolve();
  }

  function spawn(index: number, crashes: number, sockets?: ReadonlyMap<string, number>): void {
    const worker = new Worker(options.entry, {
      workerData: {
        ...options.dataPlane,
        worker: index,
        cells: cellBook.cells,
        limits,
        tls,
      } satisfies DataPlaneOptions,
    });
    const member: Member = { worker, drained: Promise.withResolvers(), listens: new Set() };
    const startedAt = performance.now();
    members.set(index, member);
    worker.on('message', (message: BackMessage) => receive(index, message));
    worker.on('error', (error) => options.onCrash(index, error));
    worker.on('exit', () => {
      members.delete(index);
      member.drained.resolve();
      cellBook.retire(index);
      retireWriter(limits.table.counts, index);
      options.onLoads(loads.retire(index));
      if (draining) return;
      const count = performance.now() - startedAt > provenAfterMs ? 0 : crashes;
      const delay = respawnDelaysMs[Math.min(count, respawnDelaysMs.length - 1)];
      setTimeout(() => respawn(index, count + 1), delay);
    });
    for (const [name, text] of pems) post(worker, { type: 'pem', name, text });
    if (config.version > 0) {
      const patch = diffConfigs(emptyDynamicConfig, config);
      post(worker, { type: 'config', patch, cells: cellBook.all() });
    }
    const known = [...verdicts.values()].flatMap((replicas) => [...replicas.values()]);
    if (known.length > 0) post(worker, { type: 'health', verdicts: known });
    // Last, so that it never answers without what its predecessor knew.
    if (sockets !== undefined) post(worker, { type: 'listen', sockets });
  }

  function respawn(index: number, crashes: number): void {
    if (draining) return;
    const sockets = listening ? options.takeSockets(index) : undefined;
    if (!listening || sockets !== undefined) spawn(index, crashes, sockets);
    else {
      spent = true;
      options.onSpent();
    }
  }

  for (let index = 0; index < options.count; index += 1) spawn(index, 0);

  return {
    listen() {
      listening = true;
      for (const [index, { worker }] of members) {
        post(worker, { type: 'listen', sockets: options.takeSockets(index) ?? new Map() });
      }
      return allListen.promise;
    },
    publish(next) {
      const patch = diffConfigs(config, next);
      config = next;
      const cells = cellBook.assign(patch);
      for (const { worker } of members.values()) post(worker, { type: 'config', patch, cells });
      for (const name of patchOfCounted(patch).removed) verdicts.delete(name);
      loads.prune(patch);
    },
    setVerdicts(changed) {
      for (const verdict of changed) {
        const replicas = verdicts.get(verdict.service) ?? new Map<string, ReplicaVerdict>();
        verdicts.set(verdict.service, replicas.set(verdict.replica, verdict));
      }
      for (const { worker } of members.values()) post(worker, { type: 'health', verdicts: changed });
    },
    addPem(name, text) {
      if (pems.has(name)) return;
      pems.set(name, text);
      for (const { worker } of members.values()) post(worker, { type: 'pem', name, text });
    },
    setTls(material) {
      tls = material;
      for (const { worker } of members.values()) post(worker, { type: 'tls', material });
    },
    isSpent: () => spent,
    loadOf: loads.of,
    async collectMetrics() {
      const id = nextScrape++;
      const answers = [...members].map(([index, { worker }]) => {
        const key = `${index}/${id}`;
        const { promise, resolve } = Promise.withResolvers<unknown>();
        const timer = setTimeout(resolve, metricsTimeoutMs);
        scrapes.set(key, resolve);
        post(worker, { type: 'collect-metrics', id });
        return promise.finally(() => {
          clearTimeout(timer);
          scrapes.delete(key);
        });
      });
      return (await Promise.all(answers)).filter((metrics) => metrics !== undefined);
    },
    async drain(reason) {
      draining = true;
      await Promise.all(
        [...members.values()].map(async ({ worker, drained }) => {
          post(worker, { type: 'drain', reason });
          await drained.promise;
          await worker.terminate();
        }),
      );
    },
  };
}

function post(worker: Worker, message: ForwardMessage): void {
  worker.postMessage(message);
}
