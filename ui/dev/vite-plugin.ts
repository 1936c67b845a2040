// `vite ui` without a gateway: the recorded API, with loads that move so that live updates can be seen.
import type { Plugin } from 'vite';
import { createFakeApi } from './fake-api.ts';
import { recorded } from './recorded.ts';

const TICK_MS = 2000;

/** Serves the recorded API beside the dashboard; takes no part in the build. */
export function recordedApi(): Plugin {
  return {
    name: 'berth-recorded-api',
    apply: 'serve',
    configureServer(server) {
      const api = createFakeApi(recorded());
      server.middlewares.use((request, response, next) => {
        if (!api.handle(request, response)) next();
      });
      const timer = setInterval(() => moveLoads(api), TICK_MS);
      server.httpServer?.on('close', () => clearInterval(timer));
    },
  };
}

function moveLoads(api: ReturnType<typeof createFakeApi>): void {
  const { recording } = api;
  recording.replicas = recording.replicas.map((one) =>
    one.ready
      ? {
          ...one,
          inFlight: Math.floor(Math.random() * 6),
          requests: one.requests + Math.floor(Math.random() * 9),
        }
      : one,
  );
  const replicas = recording.replicas.filter((one) => one.ready);
  api.emit({ type: 'loads', at: new Date().toISOString(), replicas });
}
