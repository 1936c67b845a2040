// What one probe asks: made from the options of the check and the address of the replica. Pure.
import type { ResolvedHealthCheck } from '../../model/dynamic-config.ts';
import type { TransportMaterial } from '../../model/servers-transport.ts';

/** Everything that a probe needs. */
export type ProbeTarget = {
  /** scheme://host:port: the only place that a probe ever connects to. */
  readonly origin: string;
  readonly protocol: 'http' | 'h2c' | 'grpc';
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Expected status; 0 means 200–399. */
  readonly status: number;
  readonly followRedirects: boolean;
  readonly timeoutMs: number;
  readonly tls: ProbeTls;
};

/** What is wanted of a server's certificate, in the words of tls.connect. */
export type ProbeTls = { readonly rejectUnauthorized?: boolean; readonly ca?: string[] };

/** The same as for requests: a server that they cannot reach is not up. */
export function toProbeTls(transport: TransportMaterial | undefined): ProbeTls {
  if (transport === undefined) return {};
  const { insecureSkipVerify, ca } = transport;
  return { rejectUnauthorized: !insecureSkipVerify, ...(ca === undefined ? {} : { ca: [...ca] }) };
}

/**
 * Traefik's rules: `port` and `scheme` of the check win over those of the server, and `hostname` (or a `Host` among the
 * headers) over its address in the Host field.
 */
export function toProbeTarget(
  check: ResolvedHealthCheck,
  replicaUrl: string,
  tls: ProbeTls = {},
): ProbeTarget {
  const url = new URL(replicaUrl);
  const serverScheme = url.protocol.slice(0, -1);
  const scheme = check.scheme ?? (serverScheme === 'https' ? 'https' : 'http');
  // WHATWG URLs drop the default port and keep the brackets of IPv6 addresses.
  const port = check.port ?? (url.port || (serverScheme === 'https' ? 443 : 80));
  return {
    origin: `${scheme}://${url.hostname}:${port}`,
    protocol: check.mode === 'grpc' ? 'grpc' : serverScheme === 'h2c' && scheme === 'http' ? 'h2c' : 'http',
    // Never parsed as a URL reference: `//elsewhere/x` must stay a path.
    path: check.path.startsWith('/') ? check.path : `/${check.path}`,
    method: check.method,
    headers: {
      'user-agent': 'Berth-HealthCheck',
      host: check.hostname ?? `${url.hostname}:${port}`,
      ...Object.fromEntries(
        Object.entries(check.headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    },
    status: check.status,
    followRedirects: check.followRedirects,
    timeoutMs: check.timeout,
    tls,
  };
}
