// The Docker Engine and Compose: uses what there is; as root on Debian or Ubuntu installs and starts what is missing.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstKnownPackage, has, installDebian } from './debian.mjs';
import { root } from './packages.mjs';
import { capture, run, Stop, say } from './say.mjs';

const startLimitMs = 60_000;

/** Makes sure that `docker` reaches an Engine and that some Compose is there. */
export async function ensureEngine() {
  if (!engineAnswers()) {
    if (process.env.DOCKER_HOST) {
      throw new Stop(`No Docker Engine answers at DOCKER_HOST=${process.env.DOCKER_HOST}.`);
    }
    const missing = [
      ...(has('dockerd') ? [] : ['docker.io']),
      ...(has('iptables') ? [] : ['iptables']),
      ...(compose() === undefined ? [composePackage()] : []),
    ];
    if (missing.length > 0) installDebian(missing, 'for the Docker Engine');
    // Since Debian 13 the client is a package of its own.
    if (!has('docker')) installDebian(['docker-cli'], 'for the Docker Engine');
    if (!(await startService())) await startEngine();
  }
  if (compose() === undefined) installDebian([composePackage()], 'for Docker Compose');
}

/** The Compose command as words: the plugin where it works, else the stand-alone program; undefined when neither does. */
export function compose() {
  if (capture('docker', ['compose', 'version']) !== undefined) return ['docker', 'compose'];
  if (capture('docker-compose', ['version']) !== undefined) return ['docker-compose'];
  return undefined;
}

const engineAnswers = () =>
  capture('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 15_000 }) !== undefined;

/** Ubuntu's docker-compose is the old one, which its Python no longer runs. */
const composePackage = () => firstKnownPackage(['docker-compose-v2', 'docker-compose']);

/** Where systemd runs the service is its business, also when the package has just been installed. */
async function startService() {
  if (!existsSync('/run/systemd/system')) return false;
  if (process.getuid?.() === 0) capture('systemctl', ['start', 'docker']);
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(500)) {
    if (engineAnswers()) return true;
    if (process.getuid?.() !== 0) break;
  }
  return false;
}

async function startEngine() {
  if (process.getuid?.() !== 0) {
    throw new Stop(
      'The Docker Engine does not answer. Start it (sudo systemctl start docker), or join its group (sudo usermod -aG docker $USER) and log in again.',
    );
  }
  prepareControlGroups();
  preparePacketFilter();
  forgetDeadEngine();
  const folder = join(root, '.cache');
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'dockerd.log');
  // vfs copies every layer, but runs where the file system cannot be stacked.
  for (const options of [[], ['--storage-driver=vfs']]) {
    say(`• starting the Docker Engine: ${['dockerd', ...options].join(' ')}`);
    say(`  its log: ${log}`);
    const pid = await startDaemon(options, log);
    if (pid === undefined) continue;
    writeFileSync(join(folder, 'dockerd.pid'), `${pid}\n`);
    return;
  }
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
  throw new Stop(`dockerd did not start. Its last words:\n${last}`);
}

/** Starts a daemon that outlives this script. Gives its process id once it answers, undefined when it does not. */
async function startDaemon(options, log) {
  const out = openSync(log, 'a');
  const daemon = spawn('dockerd', options, { detached: true, stdio: ['ignore', out, out] });
  let ended = false;
  for (const event of ['exit', 'error']) {
    daemon.once(event, () => {
      ended = true;
    });
  }
  daemon.unref();
  for (const deadline = Date.now() + startLimitMs; Date.now() < deadline && !ended; await sleep(250)) {
    if (engineAnswers()) return daemon.pid;
  }
  if (!ended) daemon.kill();
  return undefined;
}

/**
 * An Engine that was killed leaves its pid files, and another process may have its number now: then dockerd would refuse
 * to start.
 */
function forgetDeadEngine() {
  for (const [file, name] of [
    ['/var/run/docker.pid', 'dockerd'],
    ['/var/run/docker/containerd/containerd.pid', 'containerd'],
  ]) {
    if (!existsSync(file)) continue;
    const comm = `/proc/${readFileSync(file, 'utf8').trim()}/comm`;
    if (!existsSync(comm) || readFileSync(comm, 'utf8').trim() !== name) rmSync(file);
  }
}

/** Without systemd nobody may have mounted them; Debian has a package that does. */
function prepareControlGroups() {
  const mounts = readFileSync('/proc/mounts', 'utf8');
  if (/ cgroup2? /.test(mounts)) return;
  if (!has('cgroupfs-mount')) installDebian(['cgroupfs-mount'], 'for the Docker Engine');
  run('cgroupfs-mount', []);
}

/** `iptables` stands for one of two back ends, and a kernel may have the other. */
function preparePacketFilter() {
  const works = (program) => capture(program, ['-t', 'nat', '-S']) !== undefined;
  if (works('iptables')) return;
  const other = ['iptables-legacy', 'iptables-nft'].find(works);
  if (other === undefined) return;
  say(`• iptables becomes ${other}: the other one does not work with this kernel`);
  run('update-alternatives', ['--set', 'iptables', `/usr/sbin/${other}`]);
}
