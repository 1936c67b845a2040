// A replica: one server behind a service, and what is known of its readiness.

/**
 * What a provider says of a replica. Only `ready` ones may get requests.
 * starting: its HEALTHCHECK has not passed yet, or the process is being started.
 * stopping: it was sent SIGTERM or SIGKILL; requests under way go on, new ones go elsewhere.
 */
export type ReplicaState = 'ready' | 'starting' | 'unhealthy' | 'paused' | 'stopping' | 'stopped';

/** What Berth's own health check says. `unknown` until the first probe has ended; `none` where no check is configured. */
export type HealthVerdict = 'none' | 'unknown' | 'up' | 'down';

/** What the health check knows of one replica. */
export type ReplicaHealth = {
  readonly verdict: HealthVerdict;
  /** Milliseconds since the epoch since when the verdict holds. */
  readonly since: number;
  /** Why the last probe failed, one sentence; absent after a success. */
  readonly lastError?: string;
};

/** One server of a load balancer. */
export type Replica = {
  /** Unique in its service and stable over reloads: `<container id, 12 characters>:<port>`, or the URL. */
  readonly id: string;
  /** scheme://host:port[/path], without a trailing slash. Absent while the replica has no address. */
  readonly url?: string;
  readonly weight: number;
  /** Use the URL's path in front of the request's path (Traefik `server.preservePath`). */
  readonly preservePath: boolean;
  readonly state: ReplicaState;
  /** Milliseconds since the epoch since when `state` holds. */
  readonly since: number;
  readonly container?: { readonly id: string; readonly name: string };
};

/** Whether a replica gets requests: the one rule for data plane, API and metrics. */
export function mayServe({ state, url, weight }: Replica, verdict: HealthVerdict): boolean {
  return state === 'ready' && url !== undefined && weight > 0 && (verdict === 'none' || verdict === 'up');
}

const stateReasons: Readonly<Record<Exclude<ReplicaState, 'ready'>, string>> = {
  starting: 'The container is starting: its HEALTHCHECK has not passed yet.',
  unhealthy: 'The HEALTHCHECK of the container fails.',
  paused: 'The container is paused.',
  stopping: 'The container is being stopped; requests under way are finished.',
  stopped: 'The container does not run.',
};

const healthReasons: Readonly<Partial<Record<HealthVerdict, string>>> = {
  unknown: 'Its health check has not ended yet.',
  down: 'Its health check fails.',
};

/** Why a replica gets no requests, one sentence; undefined where it does. */
export function whyNot(
  replica: Replica,
  { verdict, lastError }: Pick<ReplicaHealth, 'verdict' | 'lastError'>,
): string | undefined {
  if (replica.state !== 'ready') return stateReasons[replica.state];
  if (replica.url === undefined) return 'It has no address that the gateway can reach.';
  if (replica.weight <= 0) return 'Its weight is 0.';
  if (verdict === 'down' && lastError !== undefined) return `Its health check fails: ${lastError}`;
  return healthReasons[verdict];
}
