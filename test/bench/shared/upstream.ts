// Upstreams that cost less than any gateway: nginx that answers from its configuration, on two ports.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../support/gateway-process.ts';
import { until } from '../../support/until.ts';
import { findNginx, nginxFile } from '../gateways/nginx.ts';
import { freePort, loadCore, startPinned } from './processes.ts';

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
