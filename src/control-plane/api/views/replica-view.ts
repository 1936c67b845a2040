// A replica as the API shows it: what the provider says, what the health check says, and what follows from both. Pure.
import type { CountedService } from '../../../model/dynamic-config.ts';
import { mayServe, type Replica, type ReplicaHealth, whyNot } from '../../../model/replica.ts';
import type { ReplicaView } from '../../../model/view.ts';
import type { ApiSources } from '../api-sources.ts';

/** Where the moving facts of a replica come from. */
export type ReplicaSources = Pick<ApiSources, 'healthOf' | 'loadOf'>;

/** One replica as it is now. */
export function toReplicaView(
  service: CountedService,
  replica: Replica,
  sources: ReplicaSources,
): ReplicaView {
  const known = healthOf(service, replica, sources);
  const load = sources.loadOf(service.name, replica.id);
  const ready = mayServe(replica, known.verdict);
  const reason = ready ? undefined : whyNot(replica, known);
  return {
    id: replica.id,
    service: service.name,
    ...(replica.url === undefined ? {} : { url: replica.url }),
    ...(replica.container === undefined ? {} : { container: replica.container }),
    weight: replica.weight,
    state: replica.state,
    health: known.verdict,
    ready,
    ...(reason === undefined ? {} : { reason }),
    since: new Date(Math.max(replica.since, known.since)).toISOString(),
    inFlight: load?.inFlight ?? 0,
    requests: load?.requests ?? 0,
    failures: load?.failures ?? 0,
    ...(known.lastError === undefined ? {} : { lastError: known.lastError }),
  };
}

/** `none` where no check is configured, and never there where one is: what is not known yet is `unknown`. */
export function healthOf(service: CountedService, replica: Replica, sources: ReplicaSources): ReplicaHealth {
  if (service.healthCheck === undefined) return { verdict: 'none', since: 0 };
  return sources.healthOf(service.name, replica.id) ?? { verdict: 'unknown', since: 0 };
}
