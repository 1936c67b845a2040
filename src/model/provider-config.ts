// What one provider declares before anything is checked against the rest: the same nouns as DynamicConfig, unqualified
// names, every object with its origin and its own faults.
import type { CompositeOptions } from './composite-service.ts';
import type { Diagnostic, Place } from './diagnostic.ts';
import type { MiddlewareOptions } from './middlewares/catalog.ts';
import type { Replica } from './replica.ts';
import type { RouterOptions } from './router.ts';
import type { BalancingOptions } from './service.ts';
import type { TcpBalancingOptions, TcpRouterOptions } from './tcp.ts';
import type { TcpMiddlewareOptions } from './tcp-middlewares.ts';
import type { UdpBalancingOptions, UdpRouterOptions } from './udp.ts';

/** An object as declared. With an error among `faults` it is kept for display and never used. */
export type Declared<T> = {
  /** As the user spelt it, without a provider. */
  readonly name: string;
  readonly options: T;
  /** Names of the containers (or files) that declare it. */
  readonly origins: readonly string[];
  readonly faults: readonly Diagnostic[];
  /**
   * Keys of the labels that declare it, as written; of two that mean the same field the later one counts. Absent where
   * it is not declared by labels.
   */
  readonly labels?: readonly string[];
  /** Where its options stand, by their paths in lower case, where it is declared in a file; the object itself by ''. */
  readonly places?: Readonly<Record<string, Place>>;
};

/** A service of some options with its servers. */
export type WithReplicas<O> = Declared<O> & {
  /** All servers of the containers that declare the service, ready or not, in the order of their ids. */
  readonly replicas: readonly Replica[];
};

/** A load balancer with its servers, or a service over services, which has none of its own. */
export type DeclaredService = WithReplicas<BalancingOptions | CompositeOptions>;
/** A TCP service with its servers. */
export type DeclaredTcpService = WithReplicas<TcpBalancingOptions>;
/** A UDP service with its servers. */
export type DeclaredUdpService = WithReplicas<UdpBalancingOptions>;

/** All that one provider declares. */
export type ProviderConfig = {
  /** `docker`, `file` …: what stands behind the @ in qualified names. */
  readonly provider: string;
  readonly routers: ReadonlyMap<string, Declared<RouterOptions>>;
  readonly services: ReadonlyMap<string, DeclaredService>;
  readonly middlewares: ReadonlyMap<string, Declared<MiddlewareOptions>>;
  readonly tcpRouters: ReadonlyMap<string, Declared<TcpRouterOptions>>;
  readonly tcpServices: ReadonlyMap<string, DeclaredTcpService>;
  readonly tcpMiddlewares: ReadonlyMap<string, Declared<TcpMiddlewareOptions>>;
  readonly udpRouters: ReadonlyMap<string, Declared<UdpRouterOptions>>;
  readonly udpServices: ReadonlyMap<string, DeclaredUdpService>;
  /** Faults that concern no object of the above: containers, unknown labels, the provider itself. */
  readonly diagnostics: readonly Diagnostic[];
};
