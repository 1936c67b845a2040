// What services of TCP and UDP have in common: servers are addresses, where those of HTTP are URLs. Pure.
import type { CountedService } from '../../../model/dynamic-config.ts';
import { mayServe, type Replica } from '../../../model/replica.ts';
import { healthOf, type ReplicaSources, toReplicaView } from './replica-view.ts';

/** Host and port, as Traefik writes servers of TCP and UDP. */
export function addressOf({ url = '' }: Replica): string {
  return url.replace(/^\w+:\/\//, '');
}

/** The replicas that have an address: those are servers. */
export function addressedOf({ replicas }: Pick<CountedService, 'replicas'>): readonly Replica[] {
  return replicas.filter(({ url }) => url !== undefined);
}

/** The kind, the state of each server, and all replicas. */
export function addressParts(service: CountedService, sources: ReplicaSources) {
  return {
    type: 'loadbalancer' as const,
    serverStatus: Object.fromEntries(
      addressedOf(service).map((replica) => [
        addressOf(replica),
        mayServe(replica, healthOf(service, replica, sources).verdict) ? ('UP' as const) : ('DOWN' as const),
      ]),
    ),
    replicas: service.replicas.map((replica) => toReplicaView(service, replica, sources)),
  };
}
