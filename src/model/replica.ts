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
