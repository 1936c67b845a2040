// A service as the exchange sees it. Replicas are live state: a replica that comes or goes does not touch this, so the
// routers of the service stay compiled.
import type { Service } from '../../model/dynamic-config.ts';
import type { CompiledService } from '../exchange/snapshot.ts';
import type { LiveState } from '../live-state/create-live-state.ts';

/** Gives the same object for as long as nothing but the replicas of a service changes. */
export function createServiceCompiler(
  live: Pick<LiveState, 'service'>,
): (service: Service | undefined) => CompiledService | undefined {
  // Weak by the live service: it is dropped with it.
  const compiled = new WeakMap<object, CompiledService>();
  return (service) => {
    const state = service && live.service(service.name);
    if (service === undefined || state === undefined || service.status === 'disabled') return undefined;
    const before = compiled.get(state);
    const { name, strategy, passHostHeader } = service;
    const needsCompleteLane = service.replicas.some(({ url }) => url !== undefined && !isHttp1(url));
    if (
      before?.strategy === strategy &&
      before.passHostHeader === passHostHeader &&
      before.needsCompleteLane === needsCompleteLane
    )
      return before;
    const next: CompiledService = { name, strategy, passHostHeader, needsCompleteLane, live: state };
    compiled.set(state, next);
    return next;
  };
}

function isHttp1(url: string): boolean {
  return url.startsWith('http:') || url.startsWith('https:');
}
