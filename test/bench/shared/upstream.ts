// Upstreams that cost less than any gateway: nginx that answers from its configuration, on two ports.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { peersFolder } from '../../support/bench-peers.ts';
import { freePort } from '../../support/free-port.ts';
import { ask } from '../../support/gateway-process.ts';
import { until } from '../../support/until.ts';
import { findNginx, nginxFile } from '../gateways/nginx.ts';
import { loadCore, type Started, startPinned } from './processes.ts';

export type Upstream = { readonly ports: readonly number[]; close(): Promise<void> };

/** Answers everything with 200 and 1 KiB. `locations` are nginx locations that come before that. */
export async function startNginxUpstream(folder: string, locations = ''): Promise<Upstream> {
  const program = findNginx();
  if (program === undefined) throw new Error('The upstream is nginx: npm run bench:peers installs it.');
  const home = join(folder, 'upstream');
  mkdirSync(home);
  const ports = [await freePort(), await freePort()];
  const server = (port: number) =>
    `server { listen 127.0.0.1:${port} backlog=4096; default_type text/plain; ${locations}
location / { return 200 "${'x'.repeat(1_024)}"; } }`;
  const configFile = join(home, 'nginx.conf');
  writeFileSync(configFile, nginxFile(home, 1, ports.map(server).join('\n')));
  const child = startPinned(program, ['-p', home, '-c', configFile], { cores: loadCore });
  for (const port of ports)
    await until('the upstream answers', async () => (await ask(port, '/')).status === 200);
  return { ports, close: child.close };
}

/** grpc-go's interop server on two ports, as `npm run bench:peers` builds it. */
export async function startGrpcUpstream(): Promise<Upstream> {
  const program = join(peersFolder, 'bin', grpcServer);
  if (!existsSync(program)) throw new Error('The upstream is built by npm run bench:peers, with go.');
  return startTwo((port) =>
    startPinned(program, [`-port=${port}`], { cores: loadCore, env: { GOMAXPROCS: '1' } }),
  );
}

/** Name of that program. */
export const grpcServer = 'grpc-interop-server';

/** A script of test/bench/upstreams/ on two ports, each a process that gets its port as its argument. */
export function startScriptUpstream(script: string): Promise<Upstream> {
  const file = join(import.meta.dirname, '../upstreams', script);
  return startTwo((port) => startPinned(process.execPath, [file, String(port)], { cores: loadCore }));
}

async function startTwo(start: (port: number) => Started): Promise<Upstream> {
  const ports = [await freePort(), await freePort()];
  const children = ports.map(start);
  for (const port of ports) await until('the upstream listens', () => isListening(port));
  return {
    ports,
    async close() {
      for (const child of children) await child.close();
    },
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
