// Active health checks of all services. A check is made anew only when something that configures it changes (options or
// address), so a reload that does not concern a replica keeps its verdict. Traefik forgets all verdicts at each reload.
import {
  type AnyHealthCheck,
  type CountedService,
  diffCounted,
  emptyDynamicConfig,
  type ServiceTables,
} from '../../model/dynamic-config.ts';
import type { Log } from '../../model/log.ts';
import type { ReplicaVerdict } from '../../model/messages.ts';
import type { Replica, ReplicaHealth } from '../../model/replica.ts';
import type { TransportMaterial } from '../../model/servers-transport.ts';
import { createReplicaCheck, type ReplicaCheck } from './create-replica-check.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { toProbeTls } from './probe-target.ts';

/** The checks of all services. */
export type HealthChecker = {
  /** Takes the services of a new version. Replicas that are new to a check are probed at once. */
  readonly apply: (config: ServiceTables) => void;
  /** What is known of a replica of a service, called as it is counted; undefined where no check is configured or nothing can be probed. */
  readonly statusOf: (service: string, replica: string) => ReplicaHealth | undefined;
  /** Resolves when every probed replica has a verdict, and after `limitMs` at the latest. */
  readonly whenKnown: (limitMs: number) => Promise<void>;
  /** Ends all probes. */
  readonly close: () => void;
};

/** Probes in flight at a time, over all services: a start with thousands of replicas must not open them all at once. */
const maxProbes = 128;

type Checked = { readonly check: ReplicaCheck; readonly url: string };

type CheckedService = {
  service: CountedService;
  /** The options as text: equal text means that running checks can go on. */
  options: string;
  readonly replicas: Map<string, Checked>;
};

/**
 * `onVerdicts` gets each change: `unknown` when a check begins, `up` and `down` as probes say, `none` when it has gone.
 */
export function createHealthChecker(io: {
  onVerdicts(verdicts: readonly ReplicaVerdict[]): void;
  log: Pick<Log, 'info'>;
  /** How servers are connected to; absent: as usual. */
  transport?: TransportMaterial | undefined;
}): HealthChecker {
  const limiter = limitConcurrency(maxProbes);
  const tls = toProbeTls(io.transport);
  const services = new Map<string, CheckedService>();
  let applied: ServiceTables = emptyDynamicConfig;
  /** Verdicts that change while a configuration is applied are sent together when it is done. */
  let collected: ReplicaVerdict[] | undefined;

  let onVerdict = (): void => {};

  function isKnown(): boolean {
    for (const { replicas } of services.values()) {
      for (const { check } of replicas.values()) if (check.health().verdict === 'unknown') return false;
    }
    return true;
  }

  function send(verdict: ReplicaVerdict): void {
    onVerdict();
    if (collected === undefined) io.onVerdicts([verdict]);
    else collected.push(verdict);
  }

  function apply(config: ServiceTables): void {
    collected = [];
    const { set, removed } = diffCounted(applied, config);
    applied = config;
    const unchecked = set.filter(({ healthCheck }) => healthCheck === undefined).map(({ name }) => name);
    for (const name of [...removed, ...unchecked]) remove(name);
    for (const service of set) {
      if (service.healthCheck !== undefined) applyService(service, service.healthCheck);
    }
    const verdicts = collected;
    collected = undefined;
    if (verdicts.length > 0) io.onVerdicts(verdicts);
  }

  function applyService(service: CountedService, check: AnyHealthCheck): void {
    let known = services.get(service.name);
    if (known?.service === service) return;
    const options = JSON.stringify(check);
    if (known === undefined) {
      known = { service, options, replicas: new Map() };
      services.set(service.name, known);
    }
    const sameOptions = known.options === options;
    known.service = service;
    known.options = options;
    const usable = new Set(service.replicas.filter(hasAddress).map(({ id }) => id));
    for (const [id, checked] of known.replicas) if (!usable.has(id)) drop(known, id, checked, 'unknown');
    for (const replica of service.replicas) {
      if (hasAddress(replica)) applyReplica(known, replica, check, sameOptions);
    }
  }

  function applyReplica(
    known: CheckedService,
    replica: Replica & { readonly url: string },
    options: AnyHealthCheck,
    sameOptions: boolean,
  ): void {
    const before = known.replicas.get(replica.id);
    if (before !== undefined && sameOptions && before.url === replica.url) {
      before.check.update(replica);
      return;
    }
    before?.check.close();
    const service = known.service.name;
    const check = createReplicaCheck(replica, { ...options, tls }, limiter, () => {
      const { verdict, lastError } = check.health();
      if (verdict !== 'unknown') {
        io.log.info(
          { service, replica: replica.id, container: replica.container?.name, lastError },
          verdict === 'up' ? 'A replica passes its health check.' : 'A replica fails its health check.',
        );
      }
      send({ service, replica: replica.id, verdict });
    });
    known.replicas.set(replica.id, { check, url: replica.url });
    send({ service, replica: replica.id, verdict: 'unknown' });
  }

  /** A replica that may come back under a check is left as `unknown`: `none` would admit it unasked. */
  function drop(known: CheckedService, id: string, { check }: Checked, verdict: 'none' | 'unknown'): void {
    check.close();
    known.replicas.delete(id);
    send({ service: known.service.name, replica: id, verdict });
  }

  function remove(name: string): void {
    const known = services.get(name);
    if (known === undefined) return;
    for (const [id, checked] of known.replicas) drop(known, id, checked, 'none');
    services.delete(name);
  }

  return {
    apply,
    statusOf: (service, replica) => services.get(service)?.replicas.get(replica)?.check.health(),
    whenKnown: (limitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        onVerdict = () => {
          if (!isKnown()) return;
          clearTimeout(timer);
          onVerdict = () => {};
          resolve();
        };
        onVerdict();
      }),
    close: () => {
      for (const { replicas } of services.values()) for (const { check } of replicas.values()) check.close();
      services.clear();
    },
  };
}

function hasAddress(replica: Replica): replica is Replica & { readonly url: string } {
  return replica.url !== undefined;
}
