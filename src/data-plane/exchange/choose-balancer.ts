// The way through services over services to the one that has replicas. Synchronous; allocates nothing while all is up.
import type { Composite } from '../../model/dynamic-config.ts';
import { GatewayError } from '../../model/errors.ts';
import { pickHighestRandomWeight } from '../../rules/balancing/highest-random-weight.ts';
import { pickWeightedRoundRobin } from '../../rules/balancing/weighted-round-robin.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { Exchange } from '../middlewares/exchange.ts';
import { retryAfterMs } from './choose-replica.ts';
import type {
  CompiledBalancer,
  CompiledComposite,
  CompiledMember,
  CompiledMirrors,
  CompiledService,
} from './snapshot.ts';

/** The service whose replica gets the request. @throws GatewayError when a service on the way has no member for it. */
export function balancerFor(service: CompiledService, exchange: Exchange): CompiledBalancer {
  let at = service;
  while (at.kind !== 'loadBalancer') at = memberFor(at, exchange).service;
  return at;
}

/** A service that has mirrors. */
export type MirroredService = CompiledComposite & {
  readonly kind: 'mirroring';
  readonly mirrors: CompiledMirrors;
};

/** The same, but for a service on the way that has mirrors: there it ends. */
export function stopFor(service: CompiledService, exchange: Exchange): CompiledBalancer | MirroredService {
  let at = service;
  while (at.kind !== 'loadBalancer' && at.mirrors === undefined) at = memberFor(at, exchange).service;
  return at as ReturnType<typeof stopFor>;
}

/** The service that answers, of one with mirrors. */
export function mainOf({ name, members: [main] }: CompiledComposite): CompiledService {
  if (main === undefined) throw new Error(`The service ${name} has no one who answers.`);
  return main.service;
}

/** Whether the service may lead to a replica that is ready and whose answers are no failures. */
function isUp(service: CompiledService): boolean {
  if (service.kind !== 'loadBalancer') return service.members.some(isMemberUp);
  return service.live.ready.some(isWell);
}

/** Whether it may lead to any replica that is ready: to ask one whose answers fail is better than to ask none. */
function isAnyReady(service: CompiledService): boolean {
  if (service.kind !== 'loadBalancer') return service.members.some((member) => isAnyReady(member.service));
  return service.live.ready.length > 0;
}

type Choice = (service: CompiledComposite, exchange: Exchange) => CompiledMember | undefined;

const choices = {
  weighted: chooseByWeight,
  highestRandomWeight: (service, { clientAddress }) =>
    pickHighestRandomWeight(candidatesOf(service), service.live, { clientAddress, random: Math.random }),
  failover: ({ members, followsHealth }) => {
    const [main, fallback] = members;
    if (main !== undefined && isMemberUp(main)) return main;
    if (!followsHealth || (fallback !== undefined && isMemberUp(fallback))) return fallback;
    return members.find(({ service }) => isAnyReady(service));
  },
  mirroring: ({ members: [main] }) => main,
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
  const up = members.filter(isMemberUp);
  return up.length > 0 ? up : members.filter(({ service }) => isAnyReady(service));
}

function isWell({ passive }: LiveReplica): boolean {
  return passive?.isOut !== true;
}

function isMemberUp({ service }: CompiledMember): boolean {
  return isUp(service);
}
