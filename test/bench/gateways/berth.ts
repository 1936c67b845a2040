// Berth from source, with labels of containers of a fake Engine. Each setting of its lanes is a gateway of its own.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeEngine } from '../../support/fake-engine.ts';
import { freePort } from '../../support/free-port.ts';
import { startPinned } from '../shared/processes.ts';
import { type Gateway, hostOf, type Site } from '../shared/site.ts';

const project = join(import.meta.dirname, '../../..');

export const berth: Gateway = createBerth('Berth', []);
export const berthFastify: Gateway = createBerth('Berth (Fastify lane)', ['--dataplane.lanes=fastify']);

function createBerth(name: string, flags: readonly string[]): Gateway {
  return {
    name,
    version: () => JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).version,
    async start(site, folder) {
      const port = await freePort();
      const engine = await createFakeEngine();
      for (const [at, replica] of site.replicas.entries()) {
        engine.run({ ...onLoopback, name: `app-${at}`, ports: [replica], labels: labelsOf(site) });
      }
      const args = [
        join(project, 'src/main.ts'),
        `--entrypoints.web.address=127.0.0.1:${port}`,
        '--entrypoints.web.transport.respondingTimeouts.readTimeout=0',
        `--providers.docker.endpoint=${engine.endpoint}`,
        `--workers=${site.workers}`,
        '--log.level=ERROR',
        ...(site.logs ? ['--accesslog=true', `--accesslog.filepath=${folder}/access.log`] : []),
        ...flags,
      ];
      const child = startPinned(process.execPath, args, { cores: site.cores });
      let changed: string | undefined;
      return {
        port,
        pid: child.pid,
        reconfigure(version) {
          if (version % 2 === 1) {
            changed = engine.run({
              ...onLoopback,
              name: 'changed',
              labels: { 'traefik.http.routers.changed.rule': 'Host(`changed.test`)' },
            });
          } else if (changed !== undefined) {
            engine.die(changed);
            engine.remove(changed);
          }
        },
        async close() {
          await child.close();
          await engine.close();
        },
      };
    },
  };
}

const onLoopback = { networks: { bridge: '127.0.0.1' } };

function labelsOf({ routers, protocol, tls, pathPrefix }: Site): Record<string, string> {
  const labels: Record<string, string> = { 'traefik.http.services.app.loadbalancer.server.scheme': protocol };
  for (let router = 0; router < routers; router++) {
    const prefix = `traefik.http.routers.app-${router}`;
    labels[`${prefix}.rule`] = `Host(\`${hostOf(router)}\`) && PathPrefix(\`${pathPrefix}\`)`;
    labels[`${prefix}.priority`] = String(routers - router);
    labels[`${prefix}.service`] = 'app';
    if (tls) labels[`${prefix}.tls`] = 'true';
  }
  return labels;
}
