// The project's own compose.yaml under a name and ports of the test's own.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compose as composeCommand } from '../stack/engine.mjs';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export type ComposeProject = {
  readonly name: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly dashboardPort: number;
  /** `up -d --scale cosyvoice=<replicas>`; changes a project that runs already. */
  scale(replicas: number): Promise<void>;
  /** Sends a signal to the gateway’s container. */
  signal(name: string): Promise<void>;
  logs(): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The project as it is shipped, or with the Fastify lane alone where the runner's stage says so. */
const files =
  process.env['BERTH_TEST_LANES'] === 'fastify'
    ? ['-f', 'compose.yaml', '-f', 'test/support/compose.fastify.yaml']
    : [];

/** Under load the access log is long. */
const maxLogBytes = 256 * 1024 * 1024;

/** Compose publishes ports on all addresses. */
const anywhere = '0.0.0.0';

/** Prepares a project; nothing runs before `scale`. The images must have been built. */
export async function openComposeProject(): Promise<ComposeProject> {
  const [program, ...words] = composeCommand() ?? [];
  if (program === undefined) throw new Error('Docker Compose is not installed.');
  const name = `berthtest${randomBytes(3).toString('hex')}`;
  const [httpPort, httpsPort, dashboardPort] = await Promise.all([
    freePort(anywhere),
    freePort(anywhere),
    freePort(anywhere),
  ]);
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: name,
    BERTH_HTTP_PORT: String(httpPort),
    BERTH_HTTPS_PORT: String(httpsPort),
    BERTH_DASHBOARD_PORT: String(dashboardPort),
  };
  const compose = (...args: readonly string[]) =>
    run(program, [...words, ...files, ...args], { cwd: root, env, maxBuffer: maxLogBytes });
  return {
    name,
    httpPort,
    httpsPort,
    dashboardPort,
    async scale(replicas) {
      await compose('up', '-d', '--scale', `cosyvoice=${replicas}`);
    },
    async signal(signal) {
      await compose('kill', '-s', signal, 'gateway');
    },
    async logs() {
      return (await compose('logs', '--no-color', 'gateway')).stdout;
    },
    async [Symbol.asyncDispose]() {
      await compose('down', '--remove-orphans', '--timeout', '3');
    },
  };
}
