// `npm run up`: from a fresh clone to speech from four replicas. Gets what is missing, and says so first.
import { spawnSync } from 'node:child_process';
import { ensureBaseImage } from './base-image.mjs';
import { compose, ensureEngine } from './engine.mjs';
import { ensurePackages, pinnedNode, root } from './packages.mjs';
import { ensureFreePorts } from './ports.mjs';
import { capture, failWith, run, Stop, say } from './say.mjs';

const replicas = process.env.BERTH_REPLICAS ?? '4';
const text =
  process.argv.slice(2).join(' ') ||
  'Hello from Berth. Four replicas are at the quay, and one of them is speaking to you.';

try {
  say('Berth: gateway and CosyVoice stand-ins on Docker');
  // Before anything is built for it.
  if (!/^[1-9]\d*$/.test(replicas)) {
    throw new Stop(
      `BERTH_REPLICAS=${replicas} is no number of replicas. Write BERTH_REPLICAS=4, or leave it out.`,
    );
  }
  ensurePackages();
  await ensureEngine();
  const [program, ...words] = compose();
  // Our own gateway of an earlier `up` holds its ports by right.
  if (!capture(program, [...words, 'ps', '-q', 'gateway'], { cwd: root })) await ensureFreePorts();
  await ensureBaseImage();
  say('• building the images (docker compose build)');
  run(program, [...words, 'build'], { cwd: root });
  say('• starting the gateway and the replicas (docker compose up)');
  const arguments_ = [...words, 'up', '-d', '--scale', `cosyvoice=${replicas}`];
  const { status } = spawnSync(program, arguments_, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Stop('docker compose up failed; its reason stands above.');
  run(pinnedNode, ['test/stack/first-words.ts', replicas, text], { cwd: root, stdio: 'inherit' });
} catch (error) {
  failWith(error);
}
