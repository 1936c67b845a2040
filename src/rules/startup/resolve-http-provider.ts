// The HTTP provider with its defaults (Traefik v3.7 "HTTP"). Pure.
import type { HttpProviderOptions } from '../../model/provider-options.ts';
import type { HttpProvider } from '../../model/startup.ts';
import { resolveClientTls } from './resolve-client-tls.ts';
import type { StartupFault } from './startup-fault.ts';

/** Fills the defaults in. Without an endpoint that can be asked there is an error among the faults. */
export function resolveHttpProvider(options: HttpProviderOptions, faults: StartupFault[]): HttpProvider {
  const { endpoint = '', pollInterval = 5_000, pollTimeout = 5_000 } = options;
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    faults.push({
      severity: 'error',
      source: 'providers.http.endpoint',
      message: endpoint === '' ? 'There is no endpoint.' : 'The endpoint is no URL of HTTP or HTTPS.',
      hint: 'Write a URL such as https://config.example.com/routes.',
    });
  }
  if (pollInterval <= 0) {
    faults.push({
      severity: 'error',
      source: 'providers.http.pollInterval',
      message: 'The time between two requests has to be longer than 0.',
      hint: 'Write 5s.',
    });
  }
  return {
    endpoint,
    pollIntervalMs: pollInterval,
    pollTimeoutMs: pollTimeout,
    headers: options.headers ?? {},
    maxResponseBodySize: options.maxResponseBodySize ?? -1,
    ...resolveClientTls(options.tls),
  };
}
