// The HTTP provider: asks an endpoint again and again, and declares what its answer says.
import type { ProviderConfig } from '../../../model/provider-config.ts';
import type { HttpProvider } from '../../../model/startup.ts';
import { createDocumentDeclarer } from '../documents/create-document-declarer.ts';
import { pause } from '../pause.ts';
import type { Provider, ProviderIo } from '../provider.ts';
import { readClientTls } from '../read-client-tls.ts';
import { createSourceState } from '../report-state.ts';
import { fetchText } from './fetch-text.ts';

/** Stands behind the @ of names. */
const providerName = 'http';

/** Creates the provider; nothing happens before `start`. */
export function createHttpProvider(io: ProviderIo & { readonly options: HttpProvider }): Provider {
  const { options, onConfig } = io;
  const url = new URL(options.endpoint);
  /** Query and credentials may be secret. */
  const place = `${url.origin}${url.pathname}`;
  const closing = new AbortController();
  const declare = createDocumentDeclarer(providerName, Date.now());
  const state = createSourceState(providerName, io);
  let running: Promise<void> | undefined;
  let text: string | undefined;
  let sent: ProviderConfig | undefined;

  const publish = (): void => {
    if (text === undefined) return;
    const documents = new Map([[place, { text, format: 'yaml' as const, isTemplate: false }]]);
    const config = state.withLoss(declare(documents));
    if (config !== sent) onConfig(config);
    sent = config;
  };

  const look = async (): Promise<void> => {
    try {
      const fetchOptions = {
        headers: options.headers,
        timeoutMs: options.pollTimeoutMs,
        maxBytes: options.maxResponseBodySize,
        tls: readClientTls(options.tls, providerName),
      };
      text = await fetchText(url, fetchOptions, closing.signal);
      if (closing.signal.aborted) return;
      state.up();
      publish();
    } catch (error) {
      if (closing.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      const fault = {
        message: `The endpoint ${place} cannot be read: ${reason}`,
        hint: 'Look at the endpoint; the gateway keeps asking.',
      };
      if (state.down(fault, error)) publish();
    }
  };

  const run = async (): Promise<void> => {
    state.connecting();
    while (!closing.signal.aborted) {
      await look();
      await pause(options.pollIntervalMs, closing.signal);
    }
  };

  return {
    start() {
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
