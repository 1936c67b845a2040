// What one container declares: the parts from which mergeDeclarations makes a ProviderConfig. Made once per state of a
// container, so that everything in it can be compared by identity.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { MiddlewareOptions } from '../../model/middlewares/catalog.ts';
import type {
  Declared,
  DeclaredService,
  DeclaredTcpService,
  DeclaredUdpService,
} from '../../model/provider-config.ts';
import type { Replica } from '../../model/replica.ts';
import type { RouterOptions } from '../../model/router.ts';
import type { TcpRouterOptions } from '../../model/tcp.ts';
import type { TcpMiddlewareOptions } from '../../model/tcp-middlewares.ts';
import type { UdpRouterOptions } from '../../model/udp.ts';

/** Who declares: what conflicts are judged by. */
export type Declarer = {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch; decides which of two definitions is the newer one. */
  readonly created: number;
  /** `project/service` of Compose: its containers are replicas of one another. */
  readonly composeService?: string;
};

/** One container's word on one object. */
export type Definition<D> = {
  readonly name: string;
  readonly declarer: Declarer;
  /** Equal for equal options: what decides whether two definitions are the same. */
  readonly fingerprint: string;
  readonly faults: readonly Diagnostic[];
  /** The object if nobody else declares it. Absent where there are no usable options at all. */
  readonly alone?: D;
};

/** A router of one container. */
export type RouterDefinition = Definition<Declared<RouterOptions>>;
/** A middleware of one container. */
export type MiddlewareDefinition = Definition<Declared<MiddlewareOptions>>;
/** A TCP middleware of one container. */
export type TcpMiddlewareDefinition = Definition<Declared<TcpMiddlewareOptions>>;
/** A TCP router of one container. */
export type TcpRouterDefinition = Definition<Declared<TcpRouterOptions>>;
/** A UDP router of one container. */
export type UdpRouterDefinition = Definition<Declared<UdpRouterOptions>>;

/** The container as the server of its service. */
export type ReplicaOfDefinition = {
  /** The server that the container is. Absent where it has a fault, and where the options do. */
  readonly replica?: Replica;
  /** Faults of the server alone: other replicas of the service can go on. */
  readonly replicaFaults: readonly Diagnostic[];
};

/** A service of one container, with the container as its server. */
export type ServiceDefinition = Definition<DeclaredService> & ReplicaOfDefinition;
/** A TCP service of one container, with the container as its server. */
export type TcpServiceDefinition = Definition<DeclaredTcpService> & ReplicaOfDefinition;
/** A UDP service of one container, with the container as its server. */
export type UdpServiceDefinition = Definition<DeclaredUdpService> & ReplicaOfDefinition;

/** All that one container declares. */
export type Declarations = {
  readonly declarer: Declarer;
  readonly routers: readonly RouterDefinition[];
  readonly services: readonly ServiceDefinition[];
  readonly middlewares: readonly MiddlewareDefinition[];
  readonly tcpRouters: readonly TcpRouterDefinition[];
  readonly tcpServices: readonly TcpServiceDefinition[];
  readonly tcpMiddlewares: readonly TcpMiddlewareDefinition[];
  readonly udpRouters: readonly UdpRouterDefinition[];
  readonly udpServices: readonly UdpServiceDefinition[];
  /** What concerns none of the above. */
  readonly diagnostics: readonly Diagnostic[];
};

/** Of a declarer that declares no object. */
export const noObjects = {
  routers: [],
  services: [],
  middlewares: [],
  tcpRouters: [],
  tcpServices: [],
  tcpMiddlewares: [],
  udpRouters: [],
  udpServices: [],
} as const satisfies Partial<Declarations>;

/** Whether any of the faults stops the object from being used. */
export function hasError(faults: readonly Diagnostic[]): boolean {
  return faults.some((fault) => fault.severity === 'error');
}

/** The options as text that is equal for equal options, whatever the order of their keys. */
export function fingerprintOf(options: unknown, faults: readonly Diagnostic[]): string {
  const errors = faults.filter((fault) => fault.severity === 'error');
  // A faulty definition lacks the faulty option, and must not pass for one that never had it.
  return JSON.stringify([options, errors.map((fault) => [fault.code, fault.label])], sortedKeys);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
