// A service as the exchange sees it. Replicas are live state: a replica that comes or goes does not touch this, so the
// routers of the service stay compiled.
import { sameValue } from '../../lib/same-value.ts';
import type { Service } from '../../model/dynamic-config.ts';
import type { CompiledService } from '../exchange/snapshot.ts';
import { createSticky } from '../exchange/sticky.ts';
import type { LiveState } from '../live-state/create-live-state.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';

/** Gives the same object for as long as nothing but the replicas of a service changes. */
export function createServiceCompiler(
  live: Pick<LiveState, 'service'>,
): (service: Service | undefined) => CompiledService | undefined {
  // Weak by the live service: it is dropped with it.
  const compiled = new WeakMap<object, { readonly options: object; readonly service: CompiledService }>();
  return (service) => {
    const state = service && live.service(service.name);
    if (service === undefined || state === undefined || service.status === 'disabled') return undefined;
    const before = compiled.get(state);
    const { name, strategy, passHostHeader, stickyCookie } = service;
    const needsCompleteLane = service.replicas.some(({ url }) => url !== undefined && !isHttp1(url));
    const options = { strategy, passHostHeader, stickyCookie, needsCompleteLane };
    if (before !== undefined && sameValue(before.options, options)) return before.service;
    const sticky = stickyCookie && createSticky(stickyCookie, name, urlOf);
    const next = { name, strategy, passHostHeader, needsCompleteLane, sticky, live: state };
    compiled.set(state, { options, service: next });
    return next;
  };
}

function urlOf({ replica }: LiveReplica): string {
  return replica.url ?? '';
}

function isHttp1(url: string): boolean {
  return url.startsWith('http:') || url.startsWith('https:');
}
