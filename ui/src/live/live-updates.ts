// Keeps the caches true by the gateway's events. Small changes are patched in place; a new configuration makes the
// shown pages ask again. Each stream begins with a `config` event, so after a reconnect everything is asked again.
import type { QueryClient } from '@tanstack/react-query';
import type { GatewayEvent, OverviewView, ReplicaView, ServiceView } from '../../../src/model/view.ts';
import { openEvents, type Page } from '../api.ts';
import { conditionOf, replicaName } from '../logic/readiness.ts';
import { queryKeys } from '../query-keys.ts';
import { applyToProviders, applyToReplicas, applyToService, type ReplicaEvent } from './apply-event.ts';
import { throttle } from './throttle.ts';

/** `announcement` is the newest change in words, for screen readers. */
export type LiveState = {
  readonly connection: 'connecting' | 'live' | 'reconnecting';
  readonly announcement: string;
};

/** A store in the shape that useSyncExternalStore wants. */
export type LiveUpdates = {
  state(): LiveState;
  subscribe(listener: () => void): () => void;
  close(): void;
};

const EVENT_TYPES = ['config', 'replica', 'replica-gone', 'loads', 'provider'] as const;
// A burst of container starts makes many versions; people cannot read faster than this.
const REFETCH_INTERVAL_MS = 1000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

/** Opens the event stream and holds it open until `close`. */
export function createLiveUpdates(client: QueryClient): LiveUpdates {
  const listeners = new Set<() => void>();
  let state: LiveState = { connection: 'connecting', announcement: '' };
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;

  const set = (change: Partial<LiveState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const everything = throttle(() => void client.invalidateQueries(), REFETCH_INTERVAL_MS);
  const overview = throttle(
    () => void client.invalidateQueries({ queryKey: queryKeys.overview }),
    REFETCH_INTERVAL_MS,
  );

  const receive = (event: GatewayEvent) => {
    const words = describe(event);
    if (words) set({ announcement: words });
    switch (event.type) {
      case 'config':
        return everything.run();
      case 'provider':
        return void client.setQueryData<OverviewView>(
          queryKeys.overview,
          (old) =>
            old && {
              ...old,
              berth: {
                ...old.berth,
                providerStates: applyToProviders(old.berth.providerStates, event.state),
              },
            },
        );
      default:
        // An answer that is under way may be older than this event and would undo it.
        if (HOLDING_REPLICAS.some((queryKey) => client.isFetching({ queryKey }) > 0)) everything.run();
        patchReplicas(client, event);
        return overview.run();
    }
  };

  const connect = () => {
    const opened = openEvents();
    source = opened;
    opened.onopen = () => {
      retryMs = FIRST_RETRY_MS;
      set({ connection: 'live' });
    };
    // The browser gives up for good on an answer such as 502, so the retries are made here, in one way for all.
    opened.onerror = () => {
      opened.close();
      set({ connection: 'reconnecting' });
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    };
    for (const type of EVENT_TYPES) {
      opened.addEventListener(type, (message) => receive(JSON.parse(message.data) as GatewayEvent));
    }
  };
  connect();

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearTimeout(retry);
      source?.close();
      everything.cancel();
      overview.cancel();
    },
  };
}

const HOLDING_REPLICAS = [queryKeys.replicas, queryKeys.serviceLists, queryKeys.serviceDetails];

function patchReplicas(client: QueryClient, event: ReplicaEvent): void {
  client.setQueryData<readonly ReplicaView[]>(
    queryKeys.replicas,
    (old) => old && applyToReplicas(old, event),
  );
  client.setQueriesData<ServiceView>(
    { queryKey: queryKeys.serviceDetails },
    (old) => old && applyToService(old, event),
  );
  client.setQueriesData<Page<ServiceView>>(
    { queryKey: queryKeys.serviceLists },
    (old) => old && { ...old, items: old.items.map((service) => applyToService(service, event)) },
  );
}

function describe(event: GatewayEvent): string | undefined {
  switch (event.type) {
    case 'replica':
      return `${replicaName(event.replica)} of ${event.replica.service} is ${conditionOf(event.replica)}.`;
    case 'replica-gone':
      return `A replica of ${event.service} is gone.`;
    case 'provider':
      return `Provider ${event.state.provider} is ${event.state.state}.`;
    default:
      return undefined;
  }
}
