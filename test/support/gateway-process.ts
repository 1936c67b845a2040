// The gateway as its users run it: a process started from source with flags, spoken to over sockets.
import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

/** What the gateway logs; hardly a test does anything that may cause it. */
const workerDied = 'A worker died and is started again.';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type GatewayProcess = {
  readonly child: ChildProcess;
  /** Every line of the log so far, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Port of an entry point. */
  port(entryPoint: string): number;
  /** Asks an entry point; the agent-less connection is closed afterwards. */
  get(
    path: string,
    options?: { readonly host?: string; readonly method?: string; readonly entryPoint?: string },
  ): Promise<Answer>;
  /** JSON of the API. */
  api<T>(path: string): Promise<T>;
  /** From now on a worker may die. */
  diesByPurpose(): void;
  /** Sends the signal and gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Starts a gateway with entry point `web` and the API on free ports, and waits until both listen. */
export async function startGateway(
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  nodeFlags: readonly string[] = [],
): Promise<GatewayProcess> {
  const standard = [
    '--entrypoints.web.address=127.0.0.1:0',
    '--entrypoints.traefik.address=127.0.0.1:0',
    '--api.insecure=true',
    '--log.level=DEBUG',
    ...(process.env['BERTH_TEST_LANES'] === 'fastify' ? ['--dataplane.lanes=fastify'] : []),
  ];
  const child = spawn(process.execPath, [...nodeFlags, main, ...standard, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const log: Record<string, unknown>[] = [];
  let mortal = false;
  createInterface({ input: child.stdout }).on('line', (line) =>
    log.push(JSON.parse(line) as Record<string, unknown>),
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));

  const port = (entryPoint: string): number => {
    const line = log.find((entry) => entry['message'] === 'Listening.' && entry['entryPoint'] === entryPoint);
    return Number(line?.['port'] ?? 0);
  };
  await until('the gateway listens', () => {
    if (child.exitCode !== null)
      throw new Error(`The gateway ended with ${child.exitCode}: ${JSON.stringify(log)}`);
    return port('web') > 0 && port('traefik') > 0;
  });

  const get: GatewayProcess['get'] = (path, { host, method = 'GET', entryPoint = 'web' } = {}) =>
    ask(port(entryPoint), path, method, host);

  return {
    child,
    log,
    port,
    get,
    async api<T>(path: string): Promise<T> {
      const { status, body } = await get(path, { entryPoint: 'traefik' });
      if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
      return JSON.parse(body) as T;
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
    diesByPurpose() {
      mortal = true;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
      const deaths = log.filter(({ message }) => message === workerDied);
      if (deaths.length > 0 && !mortal) throw new Error(`A worker died: ${JSON.stringify(deaths)}`);
    },
  };
}

/** A request that is silent for so long is given up: what was sent to an address that has just gone is never answered. */
const silenceMs = 5_000;

/** One request on a connection of its own. @throws when no whole answer comes. */
export function ask(port: number, path: string, method = 'GET', host = 'localhost'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const question = request(
      { host: '127.0.0.1', port, path, method, agent: false, headers: { Host: host } },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          body += chunk;
        });
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      },
    );
    question.setTimeout(silenceMs, () =>
      question.destroy(new Error(`no answer for ${silenceMs} ms: ${path}`)),
    );
    question.on('error', reject);
    question.end();
  });
}
