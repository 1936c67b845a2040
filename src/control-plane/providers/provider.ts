// What all providers have in common: to whom they report, and their life.
import type { Log } from '../../model/log.ts';
import type { ProviderConfig } from '../../model/provider-config.ts';
import type { ProviderState } from '../../model/view.ts';

/** Who hears of a provider. */
export type ProviderIo = {
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** The whole of what is declared now; first after the first reading of the source, then with each change. */
  readonly onConfig: (config: ProviderConfig) => void;
  readonly onState: (state: ProviderState) => void;
};

/** A provider with its life. */
export type Provider = {
  /** Begins to read its source; returns at once. */
  start(): void;
  /** Ends it; nothing is reported any more. */
  close(): Promise<void>;
};
