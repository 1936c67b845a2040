// The data plane of one worker: entry points that listen, the snapshot that they serve from, and the end of it all. It
// knows no worker threads; whoever starts it brings configuration and hears reports.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createWeakValues } from '../../lib/weak-values.ts';
import type { DynamicConfig } from '../../model/dynamic-config.ts';
import { internalScheme } from '../../model/internal-service.ts';
import type {
  CellAssignment,
  DataPlaneOptions,
  DrainReason,
  ReplicaLoad,
  ReplicaVerdict,
} from '../../model/messages.ts';
import type { PemTexts, TlsMaterial } from '../../model/tls-material.ts';
import { createExchangeRecorder } from '../../observability/create-exchange-recorder.ts';
import { createLogger, type Logger } from '../../observability/create-logger.ts';
import type { Snapshot } from '../exchange/snapshot.ts';
import { createLiveState, type LeftOut } from '../live-state/create-live-state.ts';
import { createLimits } from '../live-state/limits.ts';
import { createSnapshotCompiler } from '../snapshot/compile-snapshot.ts';
import { openUpstream } from '../upstream/open-upstream.ts';
import { type Listener, type ListenerIo, openListener } from './open-listener.ts';
import { openUdpListener } from './open-udp-listener.ts';

/** What the data plane reports. */
export type DataPlaneIo = ListenerIo & {
  /** The configuration of this version is being served. */
  onApplied(version: number): void;
  /** Loads that changed, at most four times a second. */
  onLoads(loads: readonly ReplicaLoad[]): void;
};

/** The data plane of one worker. */
export type DataPlane = {
  /**
   * Opens all entry points, on inherited sockets (descriptors by entry point) or on the entry point's own address. Resolves
   * when each listens or has failed.
   */
  listen(sockets?: ReadonlyMap<string, number>): Promise<void>;
  /** Where replicas of the next configuration are counted for all workers. */
  assignCells(cells: readonly CellAssignment[]): void;
  /** Serves this configuration from the next request on. */
  apply(config: DynamicConfig): void;
  setVerdicts(verdicts: readonly ReplicaVerdict[]): void;
  /** Comes before the configuration that names it. */
  addPem(name: string, text: string): void;
  /** Speaks TLS with this on new connections. */
  setTls(material: TlsMaterial): void;
  /** Request metrics as JSON of prom-client, for mergeMetrics. */
  collectMetrics(): Promise<unknown>;
  /** Accepts nothing more, finishes what is under way as long as the entry points allow, cuts the rest. */
  drain(reason?: DrainReason): Promise<void>;
};

function describeLeftOut({ isOut, isInVain }: LeftOut): string {
  if (!isOut) return 'A replica gets requests again after its time out.';
  return isInVain
    ? 'A replica fails, as all others do: all of them go on to get requests.'
    : 'A replica fails, and is left out for a while.';
}

/** `log` may be given, for tests. */
export function createDataPlane(
  options: DataPlaneOptions,
  io: DataPlaneIo,
  log: Pick<Logger, 'error' | 'warn' | 'debug'> = createLogger(options.log, { worker: options.worker }),
): DataPlane {
  const recorder = createExchangeRecorder(options, log);
  const inner = options.internalDoor?.origin;
  const live = createLiveState({
    openUpstream: (origin, transport) =>
      openUpstream(inner !== undefined && origin.startsWith(internalScheme) ? inner : origin, transport),
    transport: options.transport,
    onLoads: io.onLoads,
    cells: options.cells,
    writer: options.worker,
    onLeftOut: (change) => log.warn(change, describeLeftOut(change)),
  });
  const pems = new Map<string, string>();
  const compile = createSnapshotCompiler(options.entryPoints, live, {
    readFile: (path) => readFileSync(path, 'utf8'),
    internalKey: options.internalDoor?.key ?? '',
    limits: createLimits(options.limits, options.worker),
    breakers: createWeakValues(),
    responseHeaderMs: options.transport?.responseHeaderMs,
    pem: (name) => pemOf(pems, name),
    onFault: (fields, message) => log.error(fields, message),
  });
  const serverName = hostname();
  let snapshot: Snapshot | undefined;
  let listeners: readonly Listener[] = [];
  let udpListeners: readonly Omit<Listener, 'setTls'>[] = [];
  let tls = options.tls;

  return {
    async listen(sockets) {
      const isOpen = <T>(listener: T | undefined): listener is T => listener !== undefined;
      const opening = options.udpEntryPoints.map((entryPoint) =>
        openUdpListener(
          entryPoint,
          { router: () => snapshot?.udpRouters.get(entryPoint.name), loads: live.loads, recorder, log },
          io,
          sockets?.get(entryPoint.name),
        ),
      );
      const opened = await Promise.all(
        options.entryPoints.map((entryPoint) =>
          openListener(
            entryPoint,
            {
              snapshot: () => snapshot?.entryPoints.get(entryPoint.name),
              loads: live.loads,
              recorder,
              log,
              serverName,
              lanes: options.lanes,
              tls,
            },
            io,
            sockets?.get(entryPoint.name),
          ),
        ),
      );
      listeners = opened.filter(isOpen);
      udpListeners = (await Promise.all(opening)).filter(isOpen);
    },
    assignCells: live.assignCells,
    apply(config) {
      // Version 0 is the configuration that nobody has read yet.
      if (config.version < 1) return;
      live.apply(config);
      snapshot = compile(config);
      recorder.retain(config);
      io.onApplied(config.version);
    },
    addPem: (name, text) => void pems.set(name, text),
    setVerdicts: (verdicts) => live.setVerdicts(verdicts),
    setTls(material) {
      tls = material;
      for (const listener of listeners) listener.setTls(material);
    },
    collectMetrics: async () => recorder.collectMetrics(),
    async drain(reason = 'end') {
      await Promise.all([...listeners, ...udpListeners].map((listener) => listener.drain(reason)));
      live.close();
      await recorder.flush();
    },
  };
}

function pemOf(pems: PemTexts, name: string): string {
  const text = pems.get(name);
  if (text === undefined) throw new Error(`There is no certificate or key ${name}.`);
  return text;
}
