// Where the peers of benchmarks are installed by `npm run bench:peers`.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** A Python virtual environment. */
export const peersFolder = join(import.meta.dirname, '../../.cache/bench-peers');

/** The program of a peer; undefined when it is not installed. */
export function findPeer(program: string): string | undefined {
  const path = join(peersFolder, 'bin', program);
  return existsSync(path) ? path : undefined;
}

/** A file of the environment by a pattern; undefined when there is none. */
export function findPeerFile(pattern: string): string | undefined {
  const [found] = globSync(pattern, { cwd: peersFolder });
  return found === undefined ? undefined : join(peersFolder, found);
}
