// The data plane's end of the bridge. It turns patches back into whole configurations and hands everything else on.
import { parentPort, workerData } from 'node:worker_threads';
import { type DynamicConfig, emptyDynamicConfig } from '../model/dynamic-config.ts';
import type {
  BackMessage,
  CellAssignment,
  DataPlaneOptions,
  DrainReason,
  ForwardMessage,
  ReplicaVerdict,
} from '../model/messages.ts';
import type { TlsMaterial } from '../model/tls-material.ts';
import { applyPatch } from './config-patch.ts';

/** What the data plane does when the control plane speaks. */
export type DataPlaneHandlers = {
  /** Comes before the configuration that it belongs to. */
  assignCells(cells: readonly CellAssignment[]): void;
  apply(config: DynamicConfig): void;
  setVerdicts(verdicts: readonly ReplicaVerdict[]): void;
  setTls(material: TlsMaterial): void;
  /** Comes before the configuration that names it. */
  addPem(name: string, text: string): void;
  collectMetrics(): Promise<unknown>;
  /** Descriptors by entry point. */
  listen(sockets: ReadonlyMap<string, number>): Promise<void>;
  drain(reason: DrainReason): Promise<void>;
};

/** The options that this worker was born with, and a way to report. */
export type ControlPlaneLink = {
  readonly options: DataPlaneOptions;
  report(message: BackMessage): void;
  /** From now on messages reach the handlers; earlier ones were kept and come first. */
  receive(handlers: DataPlaneHandlers): void;
};

/** Connects to the thread that started this one. @throws TypeError on the main thread. */
export function connectToControlPlane(): ControlPlaneLink {
  const port = parentPort;
  if (port === null) throw new TypeError('This module runs in a worker thread only.');
  const report = (message: BackMessage): void => port.postMessage(message);
  return {
    options: workerData as DataPlaneOptions,
    report,
    receive(handlers) {
      let config = emptyDynamicConfig;
      port.on('message', (message: ForwardMessage) => {
        switch (message.type) {
          case 'config':
            config = applyPatch(config, message.patch);
            handlers.assignCells(message.cells);
            handlers.apply(config);
            break;
          case 'health':
            handlers.setVerdicts(message.verdicts);
            break;
          case 'tls':
            handlers.setTls(message.material);
            break;
          case 'pem':
            handlers.addPem(message.name, message.text);
            break;
          case 'collect-metrics':
            void handlers
              .collectMetrics()
              .then((metrics) => report({ type: 'metrics', id: message.id, metrics }));
            break;
          case 'listen':
            void handlers.listen(message.sockets);
            break;
          case 'drain':
            void handlers.drain(message.reason).then(() => report({ type: 'drained' }));
            break;
        }
      });
    },
  };
}
