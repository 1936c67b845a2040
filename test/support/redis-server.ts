// A real Redis (or Valkey) server of a test's own, on a free port.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

export type RedisServer = AsyncDisposable & {
  readonly endpoint: string;
  /** A client that sees everything. */
  readonly client: Redis;
  stop(): Promise<void>;
  start(): Promise<void>;
};

export type RedisServerOptions = {
  /** The server tells of changes. */
  readonly notifies?: boolean;
  readonly password?: string;
};

/** Starts `redis-server` with an empty memory. Its data are lost when it stops. */
export async function startRedis({
  notifies = true,
  password = '',
}: RedisServerOptions = {}): Promise<RedisServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'berth-redis-'));
  const secret = password === '' ? [] : ['--requirepass', password];
  let child: ChildProcess | undefined;
  const client = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
    ...(password === '' ? {} : { password }),
  });
  client.on('error', () => {});
  const server: RedisServer = {
    endpoint: `127.0.0.1:${port}`,
    client,
    async start() {
      const args = [
        '--port',
        `${port}`,
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        home,
      ];
      child = spawn('redis-server', [...args, '--notify-keyspace-events', notifies ? 'KA' : '', ...secret], {
        stdio: 'ignore',
      });
      await until('Redis answers', async () => (await client.ping()) === 'PONG');
    },
    async stop() {
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      child?.kill('SIGKILL');
      await gone;
    },
    async [Symbol.asyncDispose]() {
      client.disconnect();
      if (child?.exitCode === null && child.signalCode === null) await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Starts a sentinel that watches the server under the name `main`. */
export async function startSentinel({
  endpoint,
}: RedisServer): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), 'berth-sentinel-'));
  const file = join(home, 'sentinel.conf');
  const [host, masterPort] = endpoint.split(':');
  writeFileSync(
    file,
    `bind 127.0.0.1\nport ${port}\ndir ${home}\nsentinel monitor main ${host} ${masterPort} 1\n`,
  );
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => {});
  await until('the sentinel answers', async () => (await client.ping()) === 'PONG');
  client.disconnect();
  return {
    endpoint: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
