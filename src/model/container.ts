// One container as the Engine describes it, reduced to what routing needs. Plain data, no dockerode types.

/** The Engine's own container states (Engine API, ContainerState.Status). */
export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/** Result of the image's HEALTHCHECK; `none` when there is no such check. */
export type ContainerHealth = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** A port inside the container. */
export type ContainerPort = { readonly port: number; readonly protocol: 'tcp' | 'udp' | 'sctp' };

/** A published port. */
export type PortBinding = ContainerPort & { readonly hostIp: string; readonly hostPort: number };

/** A network that it is in; empty addresses where it has none. */
export type ContainerNetwork = {
  readonly name: string;
  readonly id: string;
  readonly ipv4: string;
  readonly ipv6: string;
};

/** One container at one moment. */
export type ContainerRecord = {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: ContainerState;
  readonly health: ContainerHealth;
  /** True from the Engine's `kill` event (SIGTERM, SIGQUIT, SIGINT or SIGKILL) until it has started again. */
  readonly stopping: boolean;
  /** Milliseconds since the epoch at which it came into its present state, as far as it is known. */
  readonly since: number;
  /** Milliseconds since the epoch at which it was created; decides which of two definitions is newer. Absent: unknown. */
  readonly created?: number;
  /** `host`, `none`, `container:<id>`, `bridge` or a network's name (HostConfig.NetworkMode). */
  readonly networkMode: string;
  /** Those of the container whose network it joined, where networkMode is `container:<id>`. */
  readonly networks: readonly ContainerNetwork[];
  /** EXPOSE of the image and `expose:` of the container, lowest port first. */
  readonly exposedPorts: readonly ContainerPort[];
  readonly portBindings: readonly PortBinding[];
};
