// Pure: what replicas add up to. Answers "does this service answer, and if not, why?" in one sentence.
import type { ReplicaView } from '../../../src/model/view.ts';

/** Replicas of each service, by its qualified name. A Map, because names are chosen by users. */
export type ReplicasByService = ReadonlyMap<string, readonly ReplicaView[]>;

/** Sums over one service's replicas. */
export type Readiness = {
  readonly total: number;
  readonly ready: number;
  readonly inFlight: number;
  readonly requests: number;
  readonly failures: number;
};

/** What a replica is doing, as one word for people and for the badge's shape. */
export type ReplicaCondition =
  | 'ready'
  | 'starting'
  | 'checking'
  | 'failing check'
  | 'unhealthy'
  | 'paused'
  | 'stopping'
  | 'stopped';

/** Groups replicas by service, in the order that they came. */
export function groupByService(replicas: readonly ReplicaView[]): ReplicasByService {
  const groups = new Map<string, ReplicaView[]>();
  for (const replica of replicas) {
    const group = groups.get(replica.service);
    if (group) group.push(replica);
    else groups.set(replica.service, [replica]);
  }
  return groups;
}

/** Adds up one service's replicas. */
export function readinessOf(replicas: readonly ReplicaView[]): Readiness {
  let [ready, inFlight, requests, failures] = [0, 0, 0, 0];
  for (const replica of replicas) {
    if (replica.ready) ready += 1;
    inFlight += replica.inFlight;
    requests += replica.requests;
    failures += replica.failures;
  }
  return { total: replicas.length, ready, inFlight, requests, failures };
}

/** The provider's state and the health check's verdict as one condition; the provider's word comes first. */
export function conditionOf(replica: ReplicaView): ReplicaCondition {
  if (replica.ready) return 'ready';
  if (replica.state !== 'ready') return replica.state;
  return replica.health === 'unknown' ? 'checking' : 'failing check';
}

/** The name that people know a replica by: its container's, else its address. */
export const replicaName = (replica: ReplicaView): string =>
  replica.container?.name ?? replica.url ?? replica.id;

/** "1 starting, 2 paused": what the replicas that get no requests are doing. Empty when all are ready. */
export function describeNotReady(replicas: readonly ReplicaView[]): string {
  const counts = new Map<ReplicaCondition, number>();
  for (const replica of replicas) {
    if (replica.ready) continue;
    const condition = conditionOf(replica);
    counts.set(condition, (counts.get(condition) ?? 0) + 1);
  }
  return [...counts].map(([condition, count]) => `${count} ${condition}`).join(', ');
}

/** `service` as a router of `provider` names it, in full (`name@provider`). */
export const qualify = (name: string, provider: string): string =>
  name.includes('@') ? name : `${name}@${provider}`;
