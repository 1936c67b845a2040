// One entry point with its defaults (Traefik v3.7 "EntryPoints"). Pure.
import ipaddr from 'ipaddr.js';
import type { EntryPointOptions } from '../../model/entry-point-config.ts';
import type { EntryPoint, UdpEntryPoint } from '../../model/startup.ts';
import { type ListenAddress, parseAddress } from './parse-address.ts';
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
  const trustedIPs = options.forwardedHeaders?.trustedIPs ?? [];
  checkNetworks(`${source}.forwardedHeaders.trustedIPs`, trustedIPs, faults);
  checkNetworks(`${source}.proxyProtocol.trustedIPs`, options.proxyProtocol?.trustedIPs, faults);
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
    ...(options.proxyProtocol === undefined
      ? {}
      : {
          proxyProtocol: {
            insecure: options.proxyProtocol.insecure ?? false,
            trustedIPs: options.proxyProtocol.trustedIPs ?? [],
          },
        }),
    requestAcceptGraceMs: lifeCycle?.requestAcceptGraceTimeout ?? 0,
    graceTimeoutMs: lifeCycle?.graceTimeOut ?? 10_000,
    readTimeoutMs: respondingTimeouts?.readTimeout ?? 60_000,
    writeTimeoutMs: respondingTimeouts?.writeTimeout ?? 0,
    idleTimeoutMs: respondingTimeouts?.idleTimeout ?? 180_000,
    stallTimeoutMs: respondingTimeouts?.stallTimeout ?? 50_000,
    keepAliveMaxRequests: keepAliveMaxRequests ?? 0,
    keepAliveMaxTimeMs: keepAliveMaxTime ?? 0,
    sanitizePath: options.http?.sanitizePath ?? true,
    maxHeaderBytes: options.http?.maxHeaderBytes ?? 1_048_576,
    encodedCharacters: options.http?.encodedCharacters ?? {},
    middlewares: options.http?.middlewares ?? [],
    tls: options.http?.tls !== undefined,
    http2: resolveHttp2(source, options.http2, faults),
    accessLogs: options.observability?.accessLogs ?? true,
    metrics: options.observability?.metrics ?? true,
  };
}

function checkNetworks(source: string, networks: readonly string[] = [], faults: StartupFault[]): void {
  for (const network of networks) {
    if (ipaddr.isValid(network) || ipaddr.isValidCIDR(network)) continue;
    faults.push({
      severity: 'error',
      source,
      message: `${JSON.stringify(network)} is neither an IP address nor a network.`,
      hint: 'Write 10.0.0.7 or 10.0.0.0/8.',
    });
  }
}

/** One for datagrams; its address is known to be sound. */
export function resolveUdpEntryPoint(
  name: string,
  { host, port }: ListenAddress,
  options: Partial<EntryPointOptions>,
  faults: StartupFault[],
): UdpEntryPoint {
  const read = (key: 'timeout' | 'maxSessions', fallback: number): number => {
    const value = options.udp?.[key] ?? fallback;
    if (value > 0) return value;
    faults.push({
      severity: 'error',
      source: `entryPoints.${name}.udp.${key}`,
      message: `The option ${key} must be more than 0.`,
    });
    return fallback;
  };
  const { lifeCycle } = options.transport ?? {};
  return {
    name,
    host,
    port,
    reusePort: options.reusePort ?? false,
    timeoutMs: read('timeout', 3_000),
    maxSessions: read('maxSessions', 4_096),
    requestAcceptGraceMs: lifeCycle?.requestAcceptGraceTimeout ?? 0,
    graceTimeoutMs: lifeCycle?.graceTimeOut ?? 10_000,
    accessLogs: options.observability?.accessLogs ?? true,
  };
}

/** RFC 9113 §6.5.2: settings are unsigned 32-bit numbers, and a connection without streams serves nothing. */
const largest: Readonly<Record<keyof EntryPoint['http2'], number>> = {
  maxConcurrentStreams: 2 ** 31 - 1,
  maxDecoderHeaderTableSize: 65_536,
  maxEncoderHeaderTableSize: 65_536,
};

function resolveHttp2(
  source: string,
  options: EntryPointOptions['http2'],
  faults: StartupFault[],
): EntryPoint['http2'] {
  const read = (name: keyof EntryPoint['http2'], fallback: number, least: number): number => {
    const value = options?.[name] ?? fallback;
    if (value >= least && value <= largest[name]) return value;
    faults.push({
      severity: 'error',
      source: `${source}.http2.${name}`,
      message: `${value} is not between ${least} and ${largest[name]}.`,
    });
    return fallback;
  };
  return {
    maxConcurrentStreams: read('maxConcurrentStreams', 250, 1),
    maxDecoderHeaderTableSize: read('maxDecoderHeaderTableSize', 4096, 0),
    maxEncoderHeaderTableSize: read('maxEncoderHeaderTableSize', 4096, 0),
  };
}
