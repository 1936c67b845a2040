// One entry point with its defaults (Traefik v3.7 "EntryPoints"). Pure.
import ipaddr from 'ipaddr.js';
import type { EntryPointOptions } from '../../model/entry-point-config.ts';
import type { EntryPoint } from '../../model/startup.ts';
import { parseAddress } from './parse-address.ts';
import { badAddress, type StartupFault } from './startup-fault.ts';

/** The entry point, or undefined when it cannot be used; what is wrong is pushed to `faults`. */
export function resolveEntryPoint(
  name: string,
  options: Partial<EntryPointOptions>,
  faults: StartupFault[],
): EntryPoint | undefined {
  const source = `entryPoints.${name}`;
  const address = parseAddress(options.address ?? '');
  if (address === undefined) {
    faults.push(badAddress(name, options.address ?? ''));
    return undefined;
  }
  if (address.protocol === 'udp') {
    faults.push({
      severity: 'warning',
      source: `${source}.address`,
      message: 'UDP entry points are not supported yet; this one is ignored.',
    });
    return undefined;
  }
  const trustedIPs = options.forwardedHeaders?.trustedIPs ?? [];
  for (const range of trustedIPs) {
    if (ipaddr.isValid(range) || ipaddr.isValidCIDR(range)) continue;
    faults.push({
      severity: 'error',
      source: `${source}.forwardedHeaders.trustedIPs`,
      message: `${JSON.stringify(range)} is neither an IP address nor a network.`,
      hint: 'Write 10.0.0.7 or 10.0.0.0/8.',
    });
  }
  const { lifeCycle, respondingTimeouts, keepAliveMaxRequests, keepAliveMaxTime } = options.transport ?? {};
  return {
    name,
    host: address.host,
    port: address.port,
    asDefault: options.asDefault ?? false,
    reusePort: options.reusePort ?? false,
    forwardedHeaders: {
      insecure: options.forwardedHeaders?.insecure ?? false,
      trustedIPs,
      connection: options.forwardedHeaders?.connection ?? [],
      notAppendXForwardedFor: options.forwardedHeaders?.notAppendXForwardedFor ?? false,
    },
    requestAcceptGraceMs: lifeCycle?.requestAcceptGraceTimeout ?? 0,
    graceTimeoutMs: lifeCycle?.graceTimeOut ?? 10_000,
    readTimeoutMs: respondingTimeouts?.readTimeout ?? 60_000,
    writeTimeoutMs: respondingTimeouts?.writeTimeout ?? 0,
    idleTimeoutMs: respondingTimeouts?.idleTimeout ?? 180_000,
    keepAliveMaxRequests: keepAliveMaxRequests ?? 0,
    keepAliveMaxTimeMs: keepAliveMaxTime ?? 0,
    sanitizePath: options.http?.sanitizePath ?? true,
    maxHeaderBytes: options.http?.maxHeaderBytes ?? 1_048_576,
    tls: options.http?.tls !== undefined,
    accessLogs: options.observability?.accessLogs ?? true,
    metrics: options.observability?.metrics ?? true,
  };
}
