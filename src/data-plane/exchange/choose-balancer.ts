// The way through services over services to the one that has replicas. Synchronous; allocates nothing while all is up.
import type { Composite } from '../../model/dynamic-config.ts';
import { GatewayError } from '../../model/errors.ts';
import { pickHighestRandomWeight } from '../../rules/balancing/highest-random-weight.ts';
import { pickWeightedRoundRobin } from '../../rules/balancing/weighted-round-robin.ts';
import type { Exchange } from '../middlewares/exchange.ts';
import { retryAfterMs } from './choose-replica.ts';
import type { CompiledBalancer, CompiledComposite, CompiledMember, CompiledService } from './snapshot.ts';

/** The service whose replica gets the request. @throws GatewayError when a service on the way has no member for it. */
export function balancerFor(service: CompiledService, exchange: Exchange): CompiledBalancer {
  let at = service;
  while (at.kind !== 'loadBalancer') at = memberFor(at, exchange).service;
  return at;
}

/** Whether any replica is ready to which the service may lead. */
export function isUp(service: CompiledService): boolean {
  if (service.kind === 'loadBalancer') return service.live.ready.length > 0;
  return service.members.some(isMemberUp);
}

type Choice = (service: CompiledComposite, exchange: Exchange) => CompiledMember | undefined;

const choices = {
  weighted: chooseByWeight,
  highestRandomWeight: (service, { clientAddress }) =>
    pickHighestRandomWeight(candidatesOf(service), service.live, { clientAddress, random: Math.random }),
  failover: ({ members: [main, fallback], followsHealth }) => {
    if (main === undefined || isMemberUp(main)) return main;
    return fallback === undefined || (followsHealth && !isMemberUp(fallback)) ? undefined : fallback;
  },
} as const satisfies Record<Composite['kind'], Choice>;

function memberFor(service: CompiledComposite, exchange: Exchange): CompiledMember {
  const choose: Choice = choices[service.kind];
  const member = choose(service, exchange);
  if (member !== undefined) return member;
  const reason = `No service is up of those to which ${service.name} leads.`;
  throw new GatewayError('no-ready-replica', { retryAfterMs, reason });
}

function chooseByWeight(service: CompiledComposite, exchange: Exchange): CompiledMember | undefined {
  const { sticky, members, followsHealth, live } = service;
  const kept = sticky?.find(exchange, members);
  if (kept !== undefined && (!followsHealth || isMemberUp(kept))) return kept;
  const picked = pickWeightedRoundRobin(candidatesOf(service), live);
  if (picked !== undefined) sticky?.keep(exchange, picked);
  return picked;
}

function candidatesOf({ members, followsHealth }: CompiledComposite): readonly CompiledMember[] {
  if (!followsHealth || members.every(isMemberUp)) return members;
  return members.filter(isMemberUp);
}

function isMemberUp({ service }: CompiledMember): boolean {
  return isUp(service);
}
