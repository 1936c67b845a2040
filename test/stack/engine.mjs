// The Docker Engine and Compose: uses what there is; as root on Debian or Ubuntu installs and starts what is missing.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { has, installDebian } from './debian.mjs';
import { root } from './packages.mjs';
import { capture, Stop, say } from './say.mjs';

const startLimitMs = 60_000;

/** Makes sure that `docker` reaches an Engine and that some Compose is there. */
export async function ensureEngine() {
  const engineAnswers = () =>
    capture('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 15_000 });
  if (!engineAnswers()) {
    const missing = [
      ...(has('dockerd') ? [] : ['docker.io']),
      ...(has('iptables') ? [] : ['iptables']),
      ...(compose() === undefined ? ['docker-compose'] : []),
    ];
    if (missing.length > 0) installDebian(missing, 'for the Docker Engine');
    // The package may have started the service; otherwise it is ours to start.
    if (!engineAnswers()) await startEngine(engineAnswers);
  }
  if (compose() === undefined) installDebian(['docker-compose'], 'for Docker Compose');
}

/** The Compose command as words: the plugin where it works, else the stand-alone program; undefined when neither does. */
export function compose() {
  if (capture('docker', ['compose', 'version']) !== undefined) return ['docker', 'compose'];
  if (capture('docker-compose', ['version']) !== undefined) return ['docker-compose'];
  return undefined;
}

async function startEngine(engineAnswers) {
  if (process.getuid?.() !== 0) {
    throw new Stop(
      'The Docker Engine does not answer. Start it (sudo systemctl start docker), or join its group (sudo usermod -aG docker $USER) and log in again.',
    );
  }
  const folder = join(root, '.cache');
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'dockerd.log');
  for (const extra of [[], ['--storage-driver=vfs']]) {
    say(`• starting the Docker Engine (dockerd ${extra.join(' ')}), log in ${log}`);
    const out = openSync(log, 'a');
    const daemon = spawn('dockerd', extra, { detached: true, stdio: ['ignore', out, out] });
    let ended = false;
    daemon.once('exit', () => {
      ended = true;
    });
    daemon.once('error', () => {
      ended = true;
    });
    daemon.unref();
    for (const deadline = Date.now() + startLimitMs; Date.now() < deadline && !ended; await sleep(250)) {
      if (!engineAnswers()) continue;
      writeFileSync(join(folder, 'dockerd.pid'), `${daemon.pid}\n`);
      return;
    }
    if (!ended) daemon.kill();
  }
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Stop(`dockerd did not start. Its last words (${log}):\n${last}`);
}
