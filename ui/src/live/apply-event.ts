// Pure: what one live event makes of cached data. What it does not touch keeps its identity, so rows that did not
// change are not rendered again.
import type { GatewayEvent, ProviderState, ReplicaView, ServiceView } from '../../../src/model/view.ts';

/** An event that concerns replicas. */
export type ReplicaEvent = Extract<GatewayEvent, { type: 'replica' | 'replica-gone' | 'loads' }>;

/** Applies it to the list of all replicas. */
export function applyToReplicas(list: readonly ReplicaView[], event: ReplicaEvent): readonly ReplicaView[] {
  switch (event.type) {
    case 'replica':
      return withReplica(list, event.replica);
    case 'replica-gone': {
      const left = list.filter((one) => one.id !== event.id || one.service !== event.service);
      return left.length === list.length ? list : left;
    }
    case 'loads':
      return withLoads(list, event.replicas);
  }
}

/** Applies it to one service, which keeps its identity when the event concerns others. */
export function applyToService(service: ServiceView, event: ReplicaEvent): ServiceView {
  const concerns =
    event.type === 'loads' ||
    (event.type === 'replica' ? event.replica.service : event.service) === service.name;
  if (!concerns) return service;
  const replicas =
    event.type === 'loads'
      ? withLoads(
          service.replicas,
          event.replicas.filter((one) => one.service === service.name),
        )
      : applyToReplicas(service.replicas, event);
  return replicas === service.replicas ? service : { ...service, replicas };
}

/** Puts a provider's new state in its place. */
export function applyToProviders(
  states: readonly ProviderState[],
  state: ProviderState,
): readonly ProviderState[] {
  const known = states.some((one) => one.provider === state.provider);
  return known ? states.map((one) => (one.provider === state.provider ? state : one)) : [...states, state];
}

function withReplica(list: readonly ReplicaView[], replica: ReplicaView): readonly ReplicaView[] {
  const index = list.findIndex((one) => one.id === replica.id && one.service === replica.service);
  return index < 0 ? [...list, replica] : list.with(index, replica);
}

type Load = Pick<ReplicaView, 'service' | 'id' | 'inFlight' | 'requests' | 'failures'>;

function withLoads(list: readonly ReplicaView[], loads: readonly Load[]): readonly ReplicaView[] {
  if (loads.length === 0) return list;
  const byKey = new Map(loads.map((load) => [keyOf(load), load]));
  let changed = false;
  const next = list.map((replica) => {
    const load = byKey.get(keyOf(replica));
    if (!load || sameLoad(load, replica)) return replica;
    changed = true;
    return { ...replica, inFlight: load.inFlight, requests: load.requests, failures: load.failures };
  });
  return changed ? next : list;
}

// No id has a space in it, so two pairs never share a key.
const keyOf = (one: { service: string; id: string }): string => `${one.service} ${one.id}`;

const sameLoad = (a: Load, b: Load): boolean =>
  a.inFlight === b.inFlight && a.requests === b.requests && a.failures === b.failures;
