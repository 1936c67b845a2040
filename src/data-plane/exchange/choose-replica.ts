// Picks the replica for a request, or says why there is none.
import { GatewayError } from '../../model/errors.ts';
import { pickers } from '../../rules/balancing/pick.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { LiveService } from '../live-state/live-service.ts';
import type { Exchange } from '../middlewares/exchange.ts';
import type { CompiledBalancer } from './snapshot.ts';

/** How long a client should wait when nothing is ready: a container that restarts is back by then. */
export const retryAfterMs = 5_000;

/** No replica has been tried for this request yet. */
const none: readonly LiveReplica[] = [];

/**
 * The replica for a request: the one that its sticky cookie names, else one by the strategy, which the cookie of the
 * answer will name. @throws GatewayError as below.
 */
export function replicaFor(
  service: CompiledBalancer,
  exchange: Exchange,
  tried: readonly LiveReplica[] = none,
): LiveReplica {
  const { sticky, live } = service;
  if (sticky === undefined) return chooseReplica(service, exchange.clientAddress, tried);
  // Where one has been tried, it was the one of the cookie.
  const kept = tried.length === 0 ? sticky.find(exchange, live.ready) : undefined;
  if (kept !== undefined) return kept;
  const picked = chooseReplica(service, exchange.clientAddress, tried);
  sticky.keep(exchange, picked);
  return picked;
}

/**
 * A ready replica by the strategy of the service, never one of those `tried` for this request. One that has just
 * refused connections is taken only if there is no other. @throws GatewayError when none is left.
 */
export function chooseReplica(
  service: Pick<CompiledBalancer, 'live' | 'strategy'>,
  clientAddress: string,
  tried: readonly LiveReplica[] = none,
): LiveReplica {
  const candidates = preferred(service.live.ready, tried);
  const picked = pickers[service.strategy](candidates, service.live, {
    clientAddress,
    random: Math.random,
  });
  if (picked === undefined) throw noneReady(service.live);
  return picked;
}

/** Allocates nothing in the usual case, in which all replicas answer. */
function preferred(ready: readonly LiveReplica[], tried: readonly LiveReplica[]): readonly LiveReplica[] {
  let doubtful = tried.length;
  for (let at = 0; at < ready.length; at++) if (ready[at]?.avoidUntil !== 0) doubtful += 1;
  if (doubtful === 0) return ready;
  const now = performance.now();
  const untried = ready.filter((replica) => !tried.includes(replica));
  const willing = untried.filter(({ avoidUntil }) => avoidUntil <= now);
  return willing.length === 0 ? untried : willing;
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

function wordOf({ replica, origin, verdict }: LiveReplica): string {
  if (replica.state !== 'ready') return replica.state;
  if (origin === '') return 'without an address';
  if (replica.weight <= 0) return 'of weight 0';
  return verdict === 'unknown' ? 'not checked yet' : 'failing the health check';
}
