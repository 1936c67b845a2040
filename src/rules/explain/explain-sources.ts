// What an explanation is made from, besides the configuration.
import type { ReplicaHealth } from '../../model/replica.ts';
import type { Doors } from './entry-points.ts';

/** Entry points with their ports, and what is known of replicas. */
export type ExplainSources = Doors & {
  /** Asked of services that have a check. Undefined: the check has not ended yet, so that the replica gets nothing. */
  readonly healthOf: (service: string, replica: string) => ReplicaHealth | undefined;
};
