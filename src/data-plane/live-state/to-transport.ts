// How servers are connected to, as the start-up configuration says it → as connections need it.
import type { TransportMaterial } from '../../model/servers-transport.ts';
import { defaultTransport, type Transport } from './upstream.ts';

/** Absent: the usual transport. */
export function toTransport(material: TransportMaterial | undefined): Transport {
  if (material === undefined) return defaultTransport;
  const { insecureSkipVerify, ca, maxIdle, dialTimeoutMs, idleTimeoutMs } = material;
  return {
    key: 'serversTransport',
    connectTimeoutMs: orNoLimit(dialTimeoutMs),
    keepAliveMs: orNoLimit(idleTimeoutMs ?? defaultTransport.keepAliveMs),
    http2IdleMs: orNoLimit(idleTimeoutMs ?? defaultTransport.http2IdleMs),
    maxIdle: maxIdle ?? defaultTransport.maxIdle,
    tls: { rejectUnauthorized: !insecureSkipVerify, ...(ca === undefined ? {} : { ca }) },
  };
}

function orNoLimit(ms: number): number {
  return ms === 0 ? Number.POSITIVE_INFINITY : ms;
}
