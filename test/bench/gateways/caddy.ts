// Caddy, from the wheel that `npm run bench:peers` installs.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeer } from '../../support/bench-peers.ts';
import { freePort } from '../../support/free-port.ts';
import { startPinned } from '../shared/processes.ts';
import { type Gateway, hostOf, type Site } from '../shared/site.ts';

export const caddy: Gateway = {
  name: 'Caddy',
  version() {
    const program = findPeer('caddy');
    if (program === undefined) return undefined;
    return /v(\S+)/.exec(execFileSync(program, ['version'], { encoding: 'utf8' }))?.[1];
  },
  async start(site, folder) {
    const port = await freePort();
    const adminPort = await freePort();
    const configFile = join(folder, 'caddy.json');
    const write = (version: number): string => {
      const text = JSON.stringify(caddyConfig(site, { port, adminPort, folder, version }));
      writeFileSync(configFile, text);
      return text;
    };
    write(0);
    const child = startPinned(findPeer('caddy') ?? 'caddy', ['run', '--config', configFile], {
      cores: site.cores,
      env: { GOMAXPROCS: String(site.workers), XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    });
    return {
      port,
      ...child,
      async reconfigure(version) {
        const origin = `http://127.0.0.1:${adminPort}`;
        const headers = { 'content-type': 'application/json', origin };
        const body = write(version);
        const answer = await fetch(`${origin}/load`, { method: 'POST', headers, body });
        if (!answer.ok) throw new Error(`Caddy refuses: ${await answer.text()}`);
      },
    };
  },
};

type Place = {
  readonly port: number;
  readonly adminPort: number;
  readonly folder: string;
  readonly version: number;
};

function caddyConfig(site: Site, { port, adminPort, folder, version }: Place): object {
  const { replicas, tls, protocol, routers, logs, pathPrefix } = site;
  const hosts = Array.from({ length: routers }, (_, router) => hostOf(router));
  if (version % 2 === 1) hosts.push('changed.test');
  const proxy = {
    handler: 'reverse_proxy',
    upstreams: replicas.map((replica) => ({ dial: `127.0.0.1:${replica}` })),
    load_balancing: { selection_policy: { policy: 'round_robin' } },
    flush_interval: -1,
    transport: {
      protocol: 'http',
      keep_alive: { enabled: true, max_idle_conns_per_host: 512 },
      ...(protocol === 'h2c' ? { versions: ['h2c'] } : {}),
    },
  };
  const server = {
    listen: [`127.0.0.1:${port}`],
    protocols: tls ? ['h1', 'h2'] : ['h1', 'h2c'],
    automatic_https: { disable: true },
    routes: [
      ...hosts.map((host) => ({
        match: [{ host: [host], path: [`${pathPrefix}*`] }],
        handle: [proxy],
        terminal: true,
      })),
      { handle: [{ handler: 'static_response', status_code: 404 }] },
    ],
    ...(tls ? { tls_connection_policies: [{ default_sni: 'localhost' }] } : {}),
    ...(logs ? { logs: { default_logger_name: 'requests' } } : {}),
  };
  const requests = {
    writer: { output: 'file', filename: join(folder, 'access.log'), roll: false },
    encoder: { format: 'json' },
    include: ['http.log.access.requests'],
  };
  return {
    admin: { listen: `127.0.0.1:${adminPort}`, config: { persist: false } },
    logging: {
      logs: {
        default: { level: 'ERROR', exclude: ['http.log.access.requests'] },
        ...(logs ? { requests } : {}),
      },
    },
    apps: {
      http: { servers: { web: server } },
      ...(tls
        ? {
            tls: {
              certificates: { load_files: [{ certificate: tls.certificateFile, key: tls.keyFile }] },
            },
          }
        : {}),
    },
  };
}
