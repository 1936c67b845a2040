// The entry points as the API shows them, the internal one included. Pure.
import type { EntryPoint, StartupConfig } from '../../../model/startup.ts';
import type { EntryPointView } from '../../../model/view.ts';
import { formatDuration } from '../format-duration.ts';

export function toEntryPointViews(startup: StartupConfig): readonly EntryPointView[] {
  const { internalEntryPoint } = startup;
  const internal: EntryPointView[] =
    internalEntryPoint === undefined
      ? []
      : [
          {
            name: internalEntryPoint.name,
            address: address(internalEntryPoint),
            asDefault: false,
            forwardedHeaders: {},
            transport: {},
          },
        ];
  return [...startup.entryPoints.map(toEntryPointView), ...internal].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

function toEntryPointView(entryPoint: EntryPoint): EntryPointView {
  const { insecure, trustedIPs } = entryPoint.forwardedHeaders;
  return {
    name: entryPoint.name,
    address: address(entryPoint),
    asDefault: entryPoint.asDefault,
    forwardedHeaders: {
      ...(insecure ? { insecure } : {}),
      ...(trustedIPs.length > 0 ? { trustedIPs } : {}),
    },
    transport: {
      lifeCycle: {
        requestAcceptGraceTimeout: formatDuration(entryPoint.requestAcceptGraceMs),
        graceTimeOut: formatDuration(entryPoint.graceTimeoutMs),
      },
      respondingTimeouts: {
        readTimeout: formatDuration(entryPoint.readTimeoutMs),
        writeTimeout: formatDuration(entryPoint.writeTimeoutMs),
        idleTimeout: formatDuration(entryPoint.idleTimeoutMs),
      },
    },
  };
}

function address({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
