// The static servers transport with its defaults (Traefik v3.7 "ServersTransport"). Pure; its files are read by the gateway.
import type { ServersTransport, ServersTransportOptions } from '../../model/servers-transport.ts';
import type { StartupFault } from './startup-fault.ts';

const defaultDialMs = 30_000;

/** Fills the defaults in. */
export function resolveServersTransport(
  options: ServersTransportOptions,
  faults: StartupFault[],
): ServersTransport {
  const { insecureSkipVerify = false, rootCAs = [], maxIdleConnsPerHost = 0, forwardingTimeouts } = options;
  const {
    dialTimeout = defaultDialMs,
    responseHeaderTimeout = 0,
    idleConnTimeout,
  } = forwardingTimeouts ?? {};
  const times = { dialTimeout, responseHeaderTimeout, idleConnTimeout: idleConnTimeout ?? 0 };
  for (const [name, value] of Object.entries(times)) {
    if (value < 0) {
      faults.push({
        severity: 'error',
        source: `serversTransport.forwardingTimeouts.${name}`,
        message: 'A length of time cannot be negative.',
        hint: 'Write it such as 30s, or 0 for no limit.',
      });
    }
  }
  return {
    insecureSkipVerify,
    ...(rootCAs.length === 0 ? {} : { rootCAs }),
    ...(maxIdleConnsPerHost === 0 ? {} : { maxIdle: Math.max(0, maxIdleConnsPerHost) }),
    dialTimeoutMs: dialTimeout,
    ...(responseHeaderTimeout === 0 ? {} : { responseHeaderMs: responseHeaderTimeout }),
    ...(idleConnTimeout === undefined ? {} : { idleTimeoutMs: idleConnTimeout }),
  };
}
