// `npm test`: gets what is missing, then runs every test, those on a real Docker Engine and in a real browser included.
import { ensureBaseImage } from './base-image.mjs';
import { ensureBrowser } from './browser.mjs';
import { has, installDebian } from './debian.mjs';
import { compose, ensureEngine } from './engine.mjs';
import { ensurePackages, ensureStandIn, root } from './packages.mjs';
import { failWith, run, say } from './say.mjs';
import { finish, quickStages, realStages, runStages } from './stages.mjs';
import { ensureTraefik } from './traefik.mjs';

try {
  ensurePackages();
  ensureStandIn();
  await ensureEngine();
  // A second Engine of the tests' own gets its own bridge.
  if (!has('ip')) installDebian(['iproute2'], 'for the tests of Engine restarts');
  if (!has('openssl')) installDebian(['openssl'], 'for the test of an Engine behind TLS');
  if (!has('redis-server')) installDebian(['redis-server'], 'for the tests of routes in Redis');
  ensureBrowser();
  ensureTraefik();
  await ensureBaseImage();
  say('• building the images');
  const [program, ...words] = compose();
  run(program, [...words, 'build', '--quiet'], { cwd: root, stdio: ['ignore', 'ignore', 2] });
  finish(await runStages([...quickStages, ...realStages]));
} catch (error) {
  failWith(error);
}
