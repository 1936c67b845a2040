// Picks the replica for a request, or says why there is none.
import { GatewayError } from '../../model/errors.ts';
import { pickers } from '../../rules/balancing/pick.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { LiveService } from '../live-state/live-service.ts';
import type { CompiledService } from './snapshot.ts';

/** How long a client should wait when nothing is ready: a container that restarts is back by then. */
const retryAfterMs = 5_000;

/**
 * A ready replica by the strategy of the service. `avoid` is one that has just failed this request: it is taken again
 * only if there is no other. @throws GatewayError when none is ready.
 */
export function chooseReplica(
  service: CompiledService,
  clientAddress: string,
  avoid: LiveReplica | undefined,
): LiveReplica {
  const { ready } = service.live;
  const others = avoid === undefined ? ready : ready.filter((replica) => replica !== avoid);
  const candidates = others.length === 0 ? ready : others;
  const picked = pickers[service.strategy](candidates, service.live, {
    clientAddress,
    random: Math.random,
  });
  if (picked === undefined) throw noneReady(service.live);
  return picked;
}

function noneReady(live: LiveService): GatewayError {
  if (live.replicas.length === 0) return new GatewayError('no-server', { retryAfterMs });
  return new GatewayError('no-ready-replica', {
    retryAfterMs,
    reason: `No replica of the service is ready: ${describeStates(live.replicas)}.`,
  });
}

/** Such as `4 replicas: 2 starting, 1 unhealthy, 1 paused`. */
export function describeStates(replicas: readonly LiveReplica[]): string {
  const counts = new Map<string, number>();
  for (const replica of replicas) {
    const word = wordOf(replica);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const total = `${replicas.length} ${replicas.length === 1 ? 'replica' : 'replicas'}`;
  return `${total}: ${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`;
}

function wordOf({ replica, upstream, verdict }: LiveReplica): string {
  if (replica.state !== 'ready') return replica.state;
  if (upstream === undefined) return 'without an address';
  return verdict === 'unknown' ? 'not checked yet' : 'failing the health check';
}
