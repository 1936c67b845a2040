// What every gateway of a comparison has to serve, and what a gateway that does so looks like to a suite.

/** A certificate and its key, as PEM files. */
export type Certificate = { readonly certificateFile: string; readonly keyFile: string };

/** The same for all: routers with `Host && PathPrefix` to one service with replicas on loopback. */
export type Site = {
  /** Port of each replica on 127.0.0.1. */
  readonly replicas: readonly number[];
  /** What replicas speak; with h2c the entry point takes h2c with prior knowledge too. */
  readonly protocol: 'http' | 'h2c';
  /** Terminates TLS, with HTTP/2 and HTTP/1.1 by ALPN. */
  readonly tls: Certificate | undefined;
  /** Every router takes paths below this one. */
  readonly pathPrefix: string;
  /** What requests ask for; POST of a gRPC message if replicas speak h2c, else GET. */
  readonly path: string;
  /** Number of routers; requests go to the last one, whose priority is the lowest. */
  readonly routers: number;
  /** Every request is logged as JSON to a file. */
  readonly logs: boolean;
  /** Worker threads or processes. */
  readonly workers: number;
  /** Cores it may run on, as taskset takes them. */
  readonly cores: string;
};

/** One that runs. */
export type RunningGateway = {
  /** Listens on 127.0.0.1. */
  readonly port: number;
  readonly pid: number;
  /** Applies a configuration with another unrelated route (odd `version`) or without it (even). Absent: it cannot. */
  readonly reconfigure?: (version: number) => void | Promise<void>;
  /** Ends it, and waits for that. */
  close(): Promise<void>;
};

/** A kind of gateway. */
export type Gateway = {
  /** As the tables show it. */
  readonly name: string;
  /** Undefined when it is not installed. */
  version(): string | undefined;
  /** Starts it for the site with its files in `folder`, which is its own. Does not wait until it serves. */
  start(site: Site, folder: string): Promise<RunningGateway>;
};

/** Host of a router, 0 … routers - 1. All are equally long, since some gateways order rules by length. */
export function hostOf(router: number): string {
  return `app-${String(router).padStart(6, '0')}.test`;
}

/** The host that requests name. */
export function askedHost(site: Site): string {
  return hostOf(site.routers - 1);
}
