// The states that a provider reports: each change once, and a loss with its reason also among the diagnostics.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ProviderConfig } from '../../model/provider-config.ts';
import type { ProviderIo } from './provider.ts';

/** One sentence each. */
export type SourceFault = { readonly message: string; readonly hint: string };

/** The condition of a provider's source. */
export type SourceState = {
  connecting(): void;
  /** The source can be read. */
  up(): void;
  /** It cannot, because of `error`. Returns whether that is news. */
  down(fault: SourceFault, error?: unknown): boolean;
  /** The last good configuration, with the loss among its diagnostics while the source is down. */
  withLoss(config: ProviderConfig): ProviderConfig;
};

/** Reports to `onState`, and losses to the log. */
export function createSourceState(
  provider: string,
  { log, onState }: Omit<ProviderIo, 'onConfig'>,
): SourceState {
  let current: string | undefined;
  let lost: readonly Diagnostic[] = [];
  const report = (state: 'connecting' | 'up' | 'down', message?: string): boolean => {
    const identity = `${state} ${message ?? ''}`;
    if (identity === current) return false;
    current = identity;
    const since = new Date().toISOString();
    onState({ provider, state, since, ...(message === undefined ? {} : { message }) });
    return true;
  };
  return {
    connecting: () => void report('connecting'),
    up() {
      lost = [];
      report('up');
    },
    down({ message, hint }, error) {
      if (!report('down', `${message} ${hint}`)) return false;
      lost = [
        {
          severity: 'warning',
          code: 'provider-down',
          provider,
          object: { kind: 'provider', name: provider },
          message,
          hint,
        },
      ];
      log.warn({ err: error, hint }, message);
      return true;
    },
    withLoss: (config) =>
      lost.length === 0 ? config : { ...config, diagnostics: [...config.diagnostics, ...lost] },
  };
}
