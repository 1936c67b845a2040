// Traefik, from the wheel that `npm run bench:peers` installs, with its file provider.

import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeer } from '../../support/bench-peers.ts';
import { freePort } from '../../support/free-port.ts';
import { startPinned } from '../shared/processes.ts';
import { type Gateway, hostOf, type Site } from '../shared/site.ts';

export const traefik: Gateway = {
  name: 'Traefik',
  version() {
    const program = findPeer('traefik');
    if (program === undefined) return undefined;
    return /Version:\s+(\S+)/.exec(execFileSync(program, ['version'], { encoding: 'utf8' }))?.[1];
  },
  async start(site, folder) {
    const port = await freePort();
    const configFile = join(folder, 'routes.yaml');
    const write = (version: number) => {
      // JSON is YAML. The rename lets no half file be read.
      writeFileSync(`${configFile}.new`, JSON.stringify(traefikConfig(site, version)));
      renameSync(`${configFile}.new`, configFile);
    };
    write(0);
    const args = [
      `--entrypoints.web.address=127.0.0.1:${port}`,
      '--entrypoints.web.transport.respondingTimeouts.readTimeout=0',
      `--providers.file.filename=${configFile}`,
      '--providers.providersThrottleDuration=1ms',
      '--log.level=ERROR',
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
      ...(site.logs
        ? ['--accesslog=true', '--accesslog.format=json', `--accesslog.filepath=${folder}/access.log`]
        : []),
    ];
    const child = startPinned(findPeer('traefik') ?? 'traefik', args, {
      cores: site.cores,
      env: { GOMAXPROCS: String(site.workers) },
      cwd: folder,
    });
    return { port, ...child, reconfigure: write };
  },
};

function traefikConfig(site: Site, version: number): object {
  const { replicas, tls, protocol, routers, pathPrefix } = site;
  const router = (host: string, priority: number) => ({
    rule: `Host(\`${host}\`) && PathPrefix(\`${pathPrefix}\`)`,
    entryPoints: ['web'],
    service: 'app',
    priority,
    ...(tls ? { tls: {} } : {}),
  });
  const all = Object.fromEntries(
    Array.from({ length: routers }, (_, at) => [`app-${at}`, router(hostOf(at), routers - at)]),
  );
  if (version % 2 === 1) all['changed'] = router('changed.test', 1);
  const scheme = protocol === 'h2c' ? 'h2c' : 'http';
  const servers = replicas.map((replica) => ({ url: `${scheme}://127.0.0.1:${replica}` }));
  return {
    http: { routers: all, services: { app: { loadBalancer: { servers } } } },
    ...(tls
      ? {
          tls: {
            stores: {
              default: { defaultCertificate: { certFile: tls.certificateFile, keyFile: tls.keyFile } },
            },
          },
        }
      : {}),
  };
}
