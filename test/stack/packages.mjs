// The npm packages, the pinned Node among them, and the dashboard's files: gets what is missing or out of date.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { capture, run, Stop, say } from './say.mjs';

export const root = join(import.meta.dirname, '../..');

/** The pinned Node that runs everything else. */
export const pinnedNode = join(root, 'node_modules/.bin/node');

/** Installs what package-lock.json names, and builds the dashboard. */
export function ensurePackages() {
  install(root, 'packages of Berth (npm ci)');
  const version = capture(pinnedNode, ['--version']);
  if (version === undefined || Number(version.slice(1).split('.')[0]) < 24) {
    // npm may be set up not to run install scripts; the package `node` needs its own.
    say('• the pinned Node (npm rebuild node)');
    run('npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'], { cwd: root });
  }
  const now = capture(pinnedNode, ['--version']);
  if (now === undefined)
    throw new Stop('The pinned Node of node_modules/.bin/node does not run on this machine.');
  ensureDashboard();
}

/** Installs what the stand-in's own package-lock.json names. */
export function ensureStandIn() {
  install(join(root, 'test/cosyvoice'), 'packages of the stand-in (npm ci)');
}

/** Builds ui/dist when it is missing or older than its sources. */
export function ensureDashboard() {
  const built = newest(join(root, 'ui/dist'));
  if (built > 0 && built >= newest(join(root, 'ui/src')) && built >= newest(join(root, 'ui/index.html')))
    return;
  say('• the dashboard (vite build ui)');
  run(pinnedNode, [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'ui', '--logLevel', 'error'], {
    cwd: root,
  });
}

function install(folder, what) {
  const lock = join(folder, 'package-lock.json');
  const marker = join(folder, 'node_modules/.package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  say(`• installing the ${what}`);
  run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder });
}

/** The latest change below a path, in milliseconds; 0 when there is nothing. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
