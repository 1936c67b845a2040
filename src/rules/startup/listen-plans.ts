// Which sockets a start-up configuration asks for. Pure.
import type { ListenPlan } from '../../model/listen-plan.ts';
import type { StartupConfig } from '../../model/startup.ts';

/** One plan for each entry point, with a slot for each worker, and one for the API, which the main thread serves. */
export function listenPlans({
  entryPoints,
  udpEntryPoints,
  internalEntryPoint: internal,
  workers,
}: StartupConfig & { readonly workers: number }): readonly ListenPlan[] {
  return [
    ...entryPoints.map(({ name, host, port, reusePort }) => ({
      entryPoint: name,
      host,
      port,
      reusePort,
      slots: workers,
    })),
    ...udpEntryPoints.map(({ name, host, port, reusePort }) => ({
      entryPoint: name,
      protocol: 'udp' as const,
      host,
      port,
      reusePort,
      slots: workers,
    })),
    ...(internal === undefined
      ? []
      : [
          { entryPoint: internal.name, host: internal.host, port: internal.port, reusePort: false, slots: 1 },
        ]),
  ];
}
