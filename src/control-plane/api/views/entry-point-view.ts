// The entry points as the API shows them, the internal one included. Pure.
import { toAuthority } from '../../../lib/authority.ts';
import { formatDuration } from '../../../lib/duration.ts';
import type { EntryPoint, StartupConfig, UdpEntryPoint } from '../../../model/startup.ts';
import type { EntryPointView } from '../../../model/view.ts';

/** All of them, sorted by name. */
export function toEntryPointViews(startup: StartupConfig): readonly EntryPointView[] {
  const { internalEntryPoint } = startup;
  const internal: EntryPointView[] =
    internalEntryPoint === undefined
      ? []
      : [
          {
            name: internalEntryPoint.name,
            address: toAuthority(internalEntryPoint.host, internalEntryPoint.port),
            asDefault: false,
            forwardedHeaders: {},
            transport: {},
          },
        ];
  return [
    ...startup.entryPoints.map(toEntryPointView),
    ...startup.udpEntryPoints.map(toUdpEntryPointView),
    ...internal,
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toEntryPointView(entryPoint: EntryPoint): EntryPointView {
  const { forwardedHeaders, proxyProtocol } = entryPoint;
  return {
    name: entryPoint.name,
    address: toAuthority(entryPoint.host, entryPoint.port),
    asDefault: entryPoint.asDefault,
    forwardedHeaders: toTrustView(forwardedHeaders),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol: toTrustView(proxyProtocol) }),
    transport: {
      lifeCycle: {
        requestAcceptGraceTimeout: formatDuration(entryPoint.requestAcceptGraceMs),
        graceTimeOut: formatDuration(entryPoint.graceTimeoutMs),
      },
      respondingTimeouts: {
        readTimeout: formatDuration(entryPoint.readTimeoutMs),
        writeTimeout: formatDuration(entryPoint.writeTimeoutMs),
        idleTimeout: formatDuration(entryPoint.idleTimeoutMs),
        stallTimeout: formatDuration(entryPoint.stallTimeoutMs),
      },
    },
    ...(entryPoint.tls ? { http: { tls: {} } } : {}),
  };
}

function toUdpEntryPointView(entryPoint: UdpEntryPoint): EntryPointView {
  return {
    name: entryPoint.name,
    address: `${toAuthority(entryPoint.host, entryPoint.port)}/udp`,
    asDefault: false,
    forwardedHeaders: {},
    transport: {
      lifeCycle: {
        requestAcceptGraceTimeout: formatDuration(entryPoint.requestAcceptGraceMs),
        graceTimeOut: formatDuration(entryPoint.graceTimeoutMs),
      },
    },
    udp: { timeout: formatDuration(entryPoint.timeoutMs) },
  };
}

/** Who is believed; what is not set is not shown, as in Traefik. */
function toTrustView({
  insecure,
  trustedIPs,
}: Pick<EntryPoint['forwardedHeaders'], 'insecure' | 'trustedIPs'>): EntryPointView['forwardedHeaders'] {
  return { ...(insecure ? { insecure } : {}), ...(trustedIPs.length > 0 ? { trustedIPs } : {}) };
}
