// What /metrics says of the replicas. Pure apart from what the sources answer.
import { countedServices } from '../../model/dynamic-config.ts';
import { mayServe } from '../../model/replica.ts';
import type { ReplicaSample } from '../../observability/control-metrics.ts';
import type { ApiSources } from './api-sources.ts';
import { healthOf } from './views/replica-view.ts';

/** One sample for each replica of each service; `url` is empty where there is no address. */
export function* replicaSamples(
  sources: Pick<ApiSources, 'config' | 'healthOf' | 'loadOf'>,
): Generator<ReplicaSample> {
  for (const service of countedServices(sources.config())) {
    for (const replica of service.replicas) {
      yield {
        service: service.name,
        url: replica.url ?? '',
        replica: replica.id,
        up: mayServe(replica, healthOf(service, replica, sources).verdict),
        inFlight: sources.loadOf(service.name, replica.id)?.inFlight ?? 0,
      };
    }
  }
}
