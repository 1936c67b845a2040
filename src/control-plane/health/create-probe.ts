// How a replica is asked: by HTTP, by gRPC or by TCP.
import type { AnyHealthCheck } from '../../model/dynamic-config.ts';
import { probeGrpc } from './probe-grpc.ts';
import { type ProbeTarget, type ProbeTls, toProbeTarget } from './probe-target.ts';
import { probeTcp, toTcpProbeTarget } from './probe-tcp.ts';

/** Asks once: resolves when the replica is well, rejects otherwise; `signal` ends it with its reason. */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** The probe of a check for the replica at this URL. `tls` is for HTTP and gRPC. */
export function createProbe(check: AnyHealthCheck, replicaUrl: string, tls?: ProbeTls): Probe {
  if (check.mode === 'tcp') {
    const target = toTcpProbeTarget(check, replicaUrl);
    return (signal) => probeTcp(target, signal);
  }
  const target = toProbeTarget(check, replicaUrl, tls);
  return target.protocol === 'grpc'
    ? (signal) => probeGrpc(target, signal)
    : (signal) => probeHttp(target, signal);
}

/** undici is loaded with the first probe: most gateways have no health check beside Docker's own, and it takes megabytes. */
async function probeHttp(target: ProbeTarget, signal: AbortSignal): Promise<void> {
  const http = await import('./probe-http.ts');
  signal.throwIfAborted();
  return http.probeHttp(target, signal);
}
