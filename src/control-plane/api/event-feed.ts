// Finds out what changed and says it as events. It works only while somebody listens: the first listener makes it
// remember how things are, the last one makes it forget.
import {
  type CountedService,
  countedServices,
  type DynamicConfig,
  diffCounted,
  emptyDynamicConfig,
  type ServiceTables,
} from '../../model/dynamic-config.ts';
import { isInternalService } from '../../model/internal-service.ts';
import type { ReplicaHealth } from '../../model/replica.ts';
import type { GatewayEvent, ProviderState, ReplicaView } from '../../model/view.ts';
import type { ApiChange, ApiSources } from './api-sources.ts';
import { healthOf, toReplicaView } from './views/replica-view.ts';

/** Events for those who listen. */
export type EventFeed = {
  /** `listener` gets each event with its number, in order. The result ends it. */
  readonly listen: (listener: (event: GatewayEvent, id: number) => void) => () => void;
  /** The number of the last event. */
  readonly lastId: () => number;
  readonly close: () => void;
};

/** A burst of changes is looked through once; a single one shows after this long. */
const settleMs = 20;
/** Counters move with each request; four times a second is as often as a person can read them. */
const loadsEveryMs = 250;

type Loads = Pick<ReplicaView, 'service' | 'id' | 'inFlight' | 'requests' | 'failures'>;

/** What was last told of one replica. `facts` is its view without the counters, as text. */
type Told = { readonly facts: string; health: ReplicaHealth; loads: Loads };

type ToldService = { service: CountedService; readonly replicas: Map<string, Told> };

/** A feed that asks `sources` what has changed. */
export function createEventFeed(sources: ApiSources): EventFeed {
  const listeners = new Set<(event: GatewayEvent, id: number) => void>();
  const told = new Map<string, ToldService>();
  let toldServices: ServiceTables = emptyDynamicConfig;
  let toldVersion = 0;
  let toldProviders = new Map<string, ProviderState>();
  let id = 0;
  let unsubscribe: (() => void) | undefined;
  let changeTimer: NodeJS.Timeout | undefined;
  let loadsTimer: NodeJS.Timeout | undefined;
  /** Whether health may have changed: then services that are the same object are looked at as well. */
  let healthChanged = false;

  function emit(event: GatewayEvent): void {
    id += 1;
    for (const listener of listeners) listener(event, id);
  }

  function onChange(change: ApiChange): void {
    if (change === 'loads') {
      loadsTimer ??= setTimeout(tellLoads, loadsEveryMs).unref();
      return;
    }
    if (change === 'health') healthChanged = true;
    changeTimer ??= setTimeout(tellChanges, settleMs).unref();
  }

  function tellChanges(): void {
    changeTimer = undefined;
    const at = new Date().toISOString();
    const config = sources.config();
    if (config.version !== toldVersion) emit({ type: 'config', at, version: config.version });
    compareReplicas(config, healthChanged, emit, at);
    toldVersion = config.version;
    healthChanged = false;
    for (const state of sources.providerStates()) {
      const before = toldProviders.get(state.provider);
      if (before?.state !== state.state || before.message !== state.message) {
        emit({ type: 'provider', at, state });
      }
    }
    toldProviders = byProvider(sources.providerStates());
  }

  function compareReplicas(
    config: DynamicConfig,
    all: boolean,
    tell: (event: GatewayEvent) => void,
    at: string,
  ): void {
    const { set, removed } = diffCounted(toldServices, config);
    toldServices = config;
    for (const name of removed) {
      for (const gone of told.get(name)?.replicas.keys() ?? []) {
        tell({ type: 'replica-gone', at, service: name, id: gone });
      }
      told.delete(name);
    }
    for (const service of all ? countedServices(config) : set) {
      const { name } = service;
      if (isInternalService(name)) continue;
      const before = told.get(name) ?? { service, replicas: new Map<string, Told>() };
      const looked = told.has(name) && before.service === service;
      told.set(name, before);
      if (looked && service.healthCheck === undefined) continue;
      before.service = service;
      compareService(before, looked, tell, at);
    }
  }

  /** `sameService`: only health can have changed, which costs far less to compare than to show. */
  function compareService(
    { service, replicas }: ToldService,
    sameService: boolean,
    tell: (event: GatewayEvent) => void,
    at: string,
  ): void {
    const present = new Set<string>();
    for (const replica of service.replicas) {
      present.add(replica.id);
      const known = replicas.get(replica.id);
      const health = healthOf(service, replica, sources);
      if (sameService && known !== undefined && sameHealth(known.health, health)) continue;
      const view = toReplicaView(service, replica, sources);
      const facts = JSON.stringify({ ...view, inFlight: 0, requests: 0, failures: 0 });
      if (known?.facts === facts) {
        known.health = health;
        continue;
      }
      replicas.set(replica.id, { facts, health, loads: toLoads(view) });
      tell({ type: 'replica', at, replica: view });
    }
    for (const gone of replicas.keys()) {
      if (present.has(gone)) continue;
      replicas.delete(gone);
      tell({ type: 'replica-gone', at, service: service.name, id: gone });
    }
  }

  function tellLoads(): void {
    loadsTimer = undefined;
    const changed: Loads[] = [];
    for (const [service, { replicas }] of told) {
      for (const [replica, known] of replicas) {
        const load = sources.loadOf(service, replica);
        if (load === undefined || sameLoads(known.loads, load)) continue;
        const { inFlight, requests, failures } = load;
        known.loads = { service, id: replica, inFlight, requests, failures };
        changed.push(known.loads);
      }
    }
    if (changed.length > 0) emit({ type: 'loads', at: new Date().toISOString(), replicas: changed });
  }

  function start(): void {
    const config = sources.config();
    toldVersion = config.version;
    toldProviders = byProvider(sources.providerStates());
    compareReplicas(config, true, () => {}, '');
    unsubscribe = sources.subscribe(onChange);
  }

  function stop(): void {
    unsubscribe?.();
    unsubscribe = undefined;
    clearTimeout(changeTimer);
    clearTimeout(loadsTimer);
    changeTimer = undefined;
    loadsTimer = undefined;
    told.clear();
    toldServices = emptyDynamicConfig;
  }

  return {
    listen: (listener) => {
      if (listeners.size === 0) start();
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stop();
      };
    },
    lastId: () => id,
    close: () => {
      listeners.clear();
      stop();
    },
  };
}

function toLoads({ service, id, inFlight, requests, failures }: ReplicaView): Loads {
  return { service, id, inFlight, requests, failures };
}

function sameHealth(a: ReplicaHealth, b: ReplicaHealth): boolean {
  return a.verdict === b.verdict && a.since === b.since && a.lastError === b.lastError;
}

function sameLoads(a: Omit<Loads, 'id' | 'service'>, b: Omit<Loads, 'id' | 'service'>): boolean {
  return a.inFlight === b.inFlight && a.requests === b.requests && a.failures === b.failures;
}

function byProvider(states: readonly ProviderState[]): Map<string, ProviderState> {
  return new Map(states.map((state) => [state.provider, state]));
}
