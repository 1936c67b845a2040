// One service as the exchange sees it. Replicas are live state: a replica that comes or goes does not touch this, so the
// routers of the service stay compiled.
import { sameValue } from '../../lib/same-value.ts';
import type { BalancedService, CompositeService, MirroringComposite } from '../../model/dynamic-config.ts';
import { internalScheme } from '../../model/internal-service.ts';
import { isMirrored } from '../exchange/mirror-turns.ts';
import type {
  CompiledBalancer,
  CompiledComposite,
  CompiledMember,
  CompiledMirrors,
  CompiledService,
} from '../exchange/snapshot.ts';
import { createSticky } from '../exchange/sticky.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import type { LiveComposite, Turn } from '../live-state/live-composite.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';

type Live = Pick<LiveState, 'service' | 'composite'>;

/** Gives the same object for as long as nothing but the replicas of a service changes. */
export function createBalancerCompiler(
  live: Live,
): (service: BalancedService) => CompiledBalancer | undefined {
  // Weak by the live service: it is dropped with it.
  const compiled = new WeakMap<object, { readonly options: object; readonly service: CompiledBalancer }>();
  return (service) => {
    const state = live.service(service.name);
    if (state === undefined || service.status === 'disabled') return undefined;
    const before = compiled.get(state);
    const { name, strategy, passHostHeader, stickyCookie, middlewares } = service;
    const needsCompleteLane = service.replicas.some(({ url }) => url !== undefined && !isHttp1(url));
    // Its middlewares are compiled with its routers, which must hear of others.
    const options = { strategy, passHostHeader, stickyCookie, needsCompleteLane, middlewares };
    if (before !== undefined && sameValue(before.options, options)) return before.service;
    const next: CompiledBalancer = {
      kind: 'loadBalancer',
      name,
      strategy,
      passHostHeader,
      needsCompleteLane,
      setsCookies: stickyCookie !== undefined,
      isStaged: false,
      sticky: stickyCookie && createSticky(stickyCookie, name, urlOf),
      live: state,
    };
    compiled.set(state, { options, service: next });
    return next;
  };
}

/** `serviceOf` gives the compiled services to which it leads. Undefined where one of them cannot be used. */
export function compileComposite(
  service: CompositeService,
  live: Live,
  serviceOf: (name: string) => CompiledService | undefined,
): CompiledComposite | undefined {
  const { name, composite, status } = service;
  const state = live.composite(name);
  if (state === undefined || status === 'disabled') return undefined;
  const members: WeighedMember[] = [];
  for (const member of composite.members) {
    const target = serviceOf(member.name);
    if (target === undefined) return undefined;
    // Traefik leaves out what has no weight, too.
    if (member.weight <= 0) continue;
    members.push(new WeighedMember(member.written, member.weight, target, state.turnOf(member.written)));
  }
  const cookie = composite.kind === 'weighted' ? composite.stickyCookie : undefined;
  const mirrors = composite.kind === 'mirroring' ? compileMirrors(composite, state) : undefined;
  const isStaged = mirrors !== undefined || members.some(({ service: target }) => target.isStaged);
  return {
    kind: composite.kind,
    name,
    members,
    followsHealth: composite.followsHealth,
    isStaged,
    needsCompleteLane: isStaged || members.some(({ service: target }) => target.needsCompleteLane),
    setsCookies: cookie !== undefined || members.some(({ service: target }) => target.setsCookies),
    sticky: cookie && createSticky<CompiledMember>(cookie, name, ({ id }) => id),
    mirrors,
    live: state,
  };
}

function compileMirrors(
  { mirrors, mirrorBody, maxBodySize }: MirroringComposite,
  live: LiveComposite,
): CompiledMirrors {
  return {
    next() {
      const nth = live.count();
      return mirrors.filter(({ percent }) => isMirrored(nth, percent)).map(({ name }) => name);
    },
    copiesBodies: mirrorBody,
    maxBodyBytes: maxBodySize < 0 ? Infinity : maxBodySize,
    room: live.room,
  };
}

/** A class, so that its turn costs no more than a field. */
class WeighedMember implements CompiledMember {
  readonly id: string;
  readonly weight: number;
  readonly inFlight = 0;
  readonly firstByteMs = 0;
  readonly service: CompiledService;
  readonly #turn: Turn;

  constructor(id: string, weight: number, service: CompiledService, turn: Turn) {
    this.id = id;
    this.weight = weight;
    this.service = service;
    this.#turn = turn;
  }

  get turn(): number {
    return this.#turn.turn;
  }

  set turn(turn: number) {
    this.#turn.turn = turn;
  }
}

function urlOf({ replica }: LiveReplica): string {
  return replica.url ?? '';
}

function isHttp1(url: string): boolean {
  return url.startsWith('http:') || url.startsWith('https:') || url.startsWith(internalScheme);
}
