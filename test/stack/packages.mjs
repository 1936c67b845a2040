// The npm packages, the pinned Node among them, and the dashboard's files: gets what is missing or out of date.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { has, installDebian } from './debian.mjs';
import { capture, run, Stop, say } from './say.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The pinned Node that runs everything else. */
export const pinnedNode = join(root, 'node_modules/.bin/node');

/** Debian's packages of the libraries that Node needs and a minimal installation has not. */
const debianPackages = {
  'libatomic.so.1': 'libatomic1',
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
};

/** Installs what package-lock.json names, and builds the dashboard. */
export function ensurePackages() {
  install(root, 'packages of Berth (npm ci)');
  ensurePinnedNode();
  ensureDashboard();
}

/** Installs what the stand-in's own package-lock.json names. */
export function ensureStandIn() {
  install(join(root, 'test/cosyvoice'), 'packages of the stand-in (npm ci)');
}

/** Builds ui/dist when it is missing or older than its sources. */
function ensureDashboard() {
  const built = newest(join(root, 'ui/dist'));
  const sources = ['ui/src', 'ui/public', 'ui/index.html', 'ui/vite.config.ts'];
  if (built > 0 && sources.every((path) => built >= newest(join(root, path)))) return;
  say('• the dashboard (vite build ui)');
  run(pinnedNode, [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'ui', '--logLevel', 'error'], {
    cwd: root,
  });
}

/**
 * Scripts of packages are not run: of ours only the one of the package `node` matters, and it gets its turn below,
 * where its Node can be checked before anything is run by it.
 */
function install(folder, what) {
  const lock = join(folder, 'package-lock.json');
  const marker = join(folder, 'node_modules/.package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  say(`• installing the ${what}`);
  run('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder });
}

function ensurePinnedNode() {
  const wanted = `v${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node}`;
  const version = () => capture(pinnedNode, ['--version']);
  if (version() === wanted) return;
  if (!existsSync(pinnedNode) || missingLibraries().length === 0) {
    say(`• installing Node ${wanted} for this folder (npm rebuild node)`);
    run('npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'], { cwd: root });
  }
  const missing = missingLibraries();
  if (missing.length > 0) {
    try {
      installDebian(
        missing.map((name) => debianPackages[name] ?? name),
        `for Node ${wanted}, which lacks ${missing.join(', ')}`,
      );
    } catch (error) {
      // npm would start the next try by a Node that does not run; without it, it takes the machine's.
      for (const part of ['bin', 'node_modules']) {
        rmSync(join(root, 'node_modules/node', part), { recursive: true, force: true });
      }
      throw error;
    }
  }
  const now = version();
  if (now !== wanted) {
    throw new Stop(
      `${pinnedNode} should be Node ${wanted}, and ${now === undefined ? 'does not run' : `is ${now}`}. Remove node_modules and try again.`,
    );
  }
}

function missingLibraries() {
  if (!has('ldd') || !existsSync(pinnedNode)) return [];
  const listed = capture('ldd', [pinnedNode]) ?? '';
  return [...listed.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

/** The latest change below a path, in milliseconds; 0 when there is nothing. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
