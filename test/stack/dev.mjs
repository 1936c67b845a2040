// `npm run dev`: the gateway from source on the local Docker Engine, restarted when a source changes, and the dashboard
// with hot reloading beside it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePackages, pinnedNode, root } from './packages.mjs';
import { failWith, say } from './say.mjs';

const flags = [
  '--api.insecure=true',
  '--ping=true',
  '--accesslog=true',
  '--log.format=common',
  '--log.level=DEBUG',
  '--providers.docker=true',
  '--providers.docker.exposedbydefault=false',
  '--entrypoints.web.address=:8000',
  ...process.argv.slice(2),
];

try {
  ensurePackages();
  say('Gateway http://localhost:8000, API http://localhost:8080, dashboard with hot reloading: see below');
  const children = [
    spawn(pinnedNode, ['--watch-path=src', 'src/main.ts', ...flags], { cwd: root, stdio: 'inherit' }),
    spawn(pinnedNode, [join(root, 'node_modules/vite/bin/vite.js'), 'ui'], { cwd: root, stdio: 'inherit' }),
  ];
  for (const child of children) {
    child.once('exit', () => {
      for (const other of children) other.kill();
    });
  }
} catch (error) {
  failWith(error);
}
