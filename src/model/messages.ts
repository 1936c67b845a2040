// What crosses the bridge between the planes. Forward: configuration and health verdicts. Back: reports. Every
// message is structured-clone-safe and holds no secrets beyond what the data plane must know.

import type { SharedCells } from '../lib/shared-cells.ts';
import type { SharedTable } from '../lib/shared-table.ts';
import type {
  Middleware,
  Router,
  Service,
  TcpMiddleware,
  TcpRouter,
  TcpService,
  UdpRouter,
  UdpService,
} from './dynamic-config.ts';
import type { InternalDoor } from './internal-service.ts';
import type { HealthVerdict } from './replica.ts';
import type { TransportMaterial } from './servers-transport.ts';
import type {
  AccessLogOptions,
  EntryPoint,
  Lanes,
  LogOptions,
  PrometheusOptions,
  UdpEntryPoint,
} from './startup.ts';
import type { TlsMaterial } from './tls-material.ts';

/** One table's difference between two versions: what is new or changed, and which names are gone. */
export type TablePatch<T> = { readonly set: readonly T[]; readonly removed: readonly string[] };

/** Takes version `base` to `version`. `base` 0 starts from nothing. A patch holds only changed objects. */
export type ConfigPatch = {
  readonly base: number;
  readonly version: number;
  readonly routers: TablePatch<Router>;
  readonly services: TablePatch<Service>;
  readonly middlewares: TablePatch<Middleware>;
  readonly tcpRouters: TablePatch<TcpRouter>;
  readonly tcpServices: TablePatch<TcpService>;
  readonly tcpMiddlewares: TablePatch<TcpMiddleware>;
  readonly udpRouters: TablePatch<UdpRouter>;
  readonly udpServices: TablePatch<UdpService>;
};

/** Verdict of one replica of one service. Here and below a TCP service is called by its `tcpName`, one of UDP by its `udpName`. */
export type ReplicaVerdict = {
  readonly service: string;
  readonly replica: string;
  readonly verdict: HealthVerdict;
};

/** Which cell of the workers' shared memory counts for a replica; for the service itself where the id is empty. */
export type CellAssignment = { readonly service: string; readonly replica: string; readonly cell: number };

/** What a worker is born with. */
export type DataPlaneOptions = {
  readonly worker: number;
  readonly lanes: Lanes;
  readonly entryPoints: readonly EntryPoint[];
  readonly udpEntryPoints: readonly UdpEntryPoint[];
  readonly log: LogOptions;
  readonly accessLog?: AccessLogOptions;
  readonly prometheus?: PrometheusOptions;
  readonly tls: TlsMaterial;
  /** How servers are connected to; absent: as usual. */
  readonly transport?: TransportMaterial;
  /** Where services of the gateway itself are answered; absent where it offers none. */
  readonly internalDoor?: InternalDoor;
  /** What all workers count together; absent: each counts for itself. */
  readonly cells?: SharedCells;
  /** Where all workers keep the limits of middlewares; absent: each for itself. */
  readonly limits?: SharedLimits;
};

/** The limits' table, and a secret without which nobody can choose names that fall into one slot. */
export type SharedLimits = { readonly table: SharedTable; readonly secret: string };

/** Why the data plane stops: the whole gateway ends, or another process has taken its ports over. */
export type DrainReason = 'end' | 'handed-over';

/** Control plane to worker. */
export type ForwardMessage =
  | {
      readonly type: 'config';
      readonly patch: ConfigPatch;
      /** Of what is new in it. */
      readonly cells: readonly CellAssignment[];
    }
  | { readonly type: 'health'; readonly verdicts: readonly ReplicaVerdict[] }
  /** A certificate or key by which what follows is configured. */
  | { readonly type: 'pem'; readonly name: string; readonly text: string }
  /** Keys have been replaced. */
  | { readonly type: 'tls'; readonly material: TlsMaterial }
  | { readonly type: 'collect-metrics'; readonly id: number }
  /** Listen, on these descriptors by entry point; on the address of one that is not named. */
  | { readonly type: 'listen'; readonly sockets: ReadonlyMap<string, number> }
  /** Stop accepting, finish what is under way, answer `drained`. */
  | { readonly type: 'drain'; readonly reason: DrainReason };

/** In-flight requests of one replica, and totals since the worker started. */
export type ReplicaLoad = {
  readonly service: string;
  readonly replica: string;
  readonly inFlight: number;
  readonly requests: number;
  /** Requests that failed on the upstream side. */
  readonly failures: number;
  /** Milliseconds since the epoch of the last request; 0 for never. */
  readonly lastRequest: number;
};

/** Worker to control plane. */
export type BackMessage =
  | { readonly type: 'listening'; readonly entryPoint: string; readonly host: string; readonly port: number }
  | { readonly type: 'listen-failed'; readonly entryPoint: string; readonly message: string }
  /** The worker serves this version. */
  | { readonly type: 'applied'; readonly version: number }
  /** Loads that changed since the last report; at most a few times a second. */
  | { readonly type: 'loads'; readonly loads: readonly ReplicaLoad[] }
  /** prom-client's `getMetricsAsJSON()`. */
  | { readonly type: 'metrics'; readonly id: number; readonly metrics: unknown }
  | { readonly type: 'drained' };
