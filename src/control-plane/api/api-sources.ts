// What the API reads. Everything is asked for at the moment of a request, so nothing is kept twice.
import type { DynamicConfig } from '../../model/dynamic-config.ts';
import type { Log } from '../../model/log.ts';
import type { ReplicaLoad } from '../../model/messages.ts';
import type { ReplicaHealth } from '../../model/replica.ts';
import type { ProviderState } from '../../model/view.ts';

/** What may have changed; the API finds out itself what it was. */
export type ApiChange = 'config' | 'health' | 'loads' | 'provider';

/** What the API asks, at the moment of each request. */
export type ApiSources = {
  readonly config: () => DynamicConfig;
  /** Undefined where no check is configured or nothing is known yet. */
  readonly healthOf: (service: string, replica: string) => ReplicaHealth | undefined;
  /** Undefined where no request has come yet. */
  readonly loadOf: (service: string, replica: string) => ReplicaLoad | undefined;
  readonly providerStates: () => readonly ProviderState[];
  /** Prometheus text of the whole gateway. */
  readonly metricsText: () => Promise<string>;
  readonly isTerminating: () => boolean;
  /** The listener may be called often; it returns at once. The result ends the subscription. */
  readonly subscribe: (listener: (change: ApiChange) => void) => () => void;
  readonly startedAt: Date;
  readonly version: string;
  /** Hears of failed requests, which the client is not told the cause of. */
  readonly log?: Pick<Log, 'error'>;
};
