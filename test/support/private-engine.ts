// A Docker Engine of the test's own, so that it can be stopped and started without disturbing the machine's. Its
// containers outlive it (live-restore), as on a server where the Engine is upgraded.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { until } from './until.ts';

const run = promisify(execFile);

export type PrivateEngine = {
  readonly socketPath: string;
  /** Ends the daemon; its containers go on. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Copies an image over from the machine's Engine. */
  loadImage(name: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts a second dockerd with its own folder, socket and bridge. Needs root. */
export async function openPrivateEngine(): Promise<PrivateEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-engine-'));
  const socketPath = join(folder, 'docker.sock');
  const bridge = `berth${randomInt(1000, 9999)}`;
  await run('ip', ['link', 'add', 'name', bridge, 'type', 'bridge']);
  await run('ip', ['address', 'add', `172.31.${randomInt(200, 254)}.1/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
  let daemon: ChildProcess | undefined;

  async function start(): Promise<void> {
    const places = [
      '-H',
      `unix://${socketPath}`,
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '--pidfile',
      join(folder, 'pid'),
    ];
    daemon = spawn(
      'dockerd',
      [...places, '--live-restore', '--bridge', bridge, '--iptables=false', '--ip-masq=false'],
      { stdio: 'ignore' },
    );
    await until('the second Engine answers', () => new Docker({ socketPath }).ping());
  }

  async function stop(): Promise<void> {
    const ending = daemon;
    if (ending === undefined || ending.exitCode !== null) return;
    const exited = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGTERM');
    await exited;
  }

  await start();
  return {
    socketPath,
    start,
    stop,
    async loadImage(name) {
      await run('sh', ['-c', 'docker save "$0" | docker -H "unix://$1" load -q', name, socketPath]);
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await run('ip', ['link', 'delete', bridge]);
      // dockerd mounts its data root on itself, and leaves it so with live-restore.
      await run('umount', [join(folder, 'data')]).catch(() => undefined);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
