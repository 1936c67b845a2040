// `npm run up`: from a fresh clone to speech from four replicas. Gets what is missing, and says so first.
import { spawnSync } from 'node:child_process';
import { ensureBaseImage } from './base-image.mjs';
import { compose, ensureEngine } from './engine.mjs';
import { ensurePackages, pinnedNode, root } from './packages.mjs';
import { failWith, run, Stop, say } from './say.mjs';

const replicas = process.env.BERTH_REPLICAS ?? '4';
const text =
  process.argv.slice(2).join(' ') ||
  'Hello from Berth. Four replicas are at the quay, and one of them is speaking to you.';

try {
  say('Berth: gateway and CosyVoice stand-ins on Docker');
  ensurePackages();
  await ensureEngine();
  await ensureBaseImage();
  const [program, ...words] = compose();
  say('• building the images and starting gateway and replicas (docker compose up)');
  const arguments_ = [...words, 'up', '-d', '--build', '--scale', `cosyvoice=${replicas}`];
  const { status } = spawnSync(program, arguments_, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    throw new Stop(
      'docker compose up failed; its reason stands above. If a port is taken, choose others: BERTH_HTTP_PORT=8081 BERTH_HTTPS_PORT=8443 BERTH_DASHBOARD_PORT=8082 npm run up',
    );
  }
  run(pinnedNode, ['test/stack/first-words.ts', replicas, text], { cwd: root, stdio: 'inherit' });
} catch (error) {
  failWith(error);
}
