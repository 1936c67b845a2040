// The Redis provider with a real server: it keeps the contract of providers, with notifications and without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisProvider } from '../../src/control-plane/providers/redis/create-redis-provider.ts';
import type { ProviderConfig } from '../../src/model/provider-config.ts';
import type { RedisProvider } from '../../src/model/startup.ts';
import type { ProviderState } from '../../src/model/view.ts';
import { providerContract } from '../contract/provider-contract.ts';
import {
  type RedisServer,
  type RedisServerOptions,
  startRedis,
  startSentinel,
} from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const never = 3_600_000;

function follow(
  { endpoint }: Pick<RedisServer, 'endpoint'>,
  pollMs: number,
  options: Partial<RedisProvider> = {},
) {
  const configs: ProviderConfig[] = [];
  const states: ProviderState[] = [];
  const provider = createRedisProvider({
    options: { endpoints: [endpoint], rootKey: 'traefik', username: '', password: '', db: 0, ...options },
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: (state) => states.push(state),
    times: { quietMs: 20, pollMs, firstRetryMs: 10, maxRetryMs: 50 },
  });
  return { configs, states, provider };
}

function contract(title: string, serverOptions: RedisServerOptions, pollMs: number): void {
  providerContract(title, async () => {
    const server = await startRedis(serverOptions);
    const { configs, states, provider } = follow(server, pollMs);
    /** Redis forgets everything when it stops; what was declared meanwhile is written when it is back. */
    const services = new Set<string>();
    let isAway = false;
    const keysOf = (name: string) => [
      `traefik/http/routers/${name}/rule`,
      `traefik/http/routers/${name}/service`,
      `traefik/http/services/${name}/loadBalancer/servers/0/url`,
    ];
    const write = (name: string) => {
      const [rule = '', service = '', url = ''] = keysOf(name);
      return server.client.mset({
        [rule]: `Host(\`${name}\`)`,
        [service]: name,
        [url]: 'http://127.0.0.1:1',
      });
    };
    // What is written before the provider connects is there when it reads: the server does one thing after the other.
    return {
      name: 'redis',
      configs,
      states,
      start: provider.start,
      close: provider.close,
      addService(name) {
        services.add(name);
        if (!isAway) void write(name);
      },
      removeService(name) {
        services.delete(name);
        if (!isAway) void server.client.del(keysOf(name));
      },
      async cutOff() {
        isAway = true;
        await server.stop();
      },
      async restore() {
        await server.start();
        isAway = false;
        for (const name of services) await write(name);
      },
      dispose: async () => server[Symbol.asyncDispose](),
    };
  });
}

contract('Redis provider, told of changes', { notifies: true }, never);
contract('Redis provider, told of nothing', { notifies: false }, 20);

test('Traefik’s keys: lists by number, maps of texts, switches, other roots', async () => {
  await using server = await startRedis();
  await server.client.mset({
    'traefik/http/routers/app/rule': 'Host(`a`)',
    'traefik/http/routers/app/entryPoints/0': 'web',
    'traefik/http/routers/app/entryPoints/1': 'websecure',
    'traefik/http/routers/app/middlewares': 'one,two@file',
    'traefik/http/routers/app/tls': 'true',
    'traefik/http/services/app/loadbalancer/servers/1/url': 'http://b',
    'traefik/http/services/app/loadbalancer/servers/0/url': 'http://a',
    'traefik/http/services/app/loadbalancer/servers/0/weight': '3',
    'traefik/http/middlewares/one/headers/customRequestHeaders/X-A/B': 'c',
    'traefik/http/middlewares/bad/headers/frameDny': 'true',
    'traefikette/http/routers/other/rule': 'Host(`b`)',
  });
  await server.client.sadd('traefik/http/routers/app/set', 'no text');
  const { configs, states, provider } = follow(server, never);
  provider.start();
  const config = await until('it is read', () => configs.at(-1));
  assert.equal(states.at(-1)?.state, 'up');
  assert.deepEqual([...config.routers.keys()], ['app']);
  assert.deepEqual(config.routers.get('app')?.options, {
    entryPoints: ['web', 'websecure'],
    middlewares: ['one', 'two@file'],
    rule: 'Host(`a`)',
    tls: {},
  });
  assert.deepEqual(
    config.services.get('app')?.replicas.map(({ url, weight }) => [url, weight]),
    [
      ['http://a:80', 3],
      ['http://b:80', 1],
    ],
  );
  assert.deepEqual(config.middlewares.get('one')?.options.options, {
    customRequestHeaders: { 'X-A/B': 'c' },
  });
  const [fault] = config.middlewares.get('bad')?.faults ?? [];
  assert.equal(fault?.label, 'traefik/http/middlewares/bad/headers/frameDny');
  assert.match(fault?.hint ?? '', /^Did you mean traefik\/http\/middlewares\/bad\/headers\/frameDeny\?$/);
  await provider.close();
});

test('another root, another database, and a password', async () => {
  await using server = await startRedis({ password: 'secret' });
  await server.client.select(3);
  await server.client.set('gate[way]/http/middlewares/m/addPrefix/prefix', '/x');
  const options = { rootKey: 'gate[way]', db: 3, password: 'secret' };
  const { configs, provider } = follow(server, never, options);
  provider.start();
  await until('it is read', () => configs.at(-1)?.middlewares.has('m'));
  await server.client.set('gate[way]/http/middlewares/n/addPrefix/prefix', '/y');
  await until('the change is noticed', () => configs.at(-1)?.middlewares.has('n'));
  await provider.close();
});

test('a wrong password is told, and no more than that', async () => {
  await using server = await startRedis({ password: 'secret' });
  const { states, provider } = follow(server, never, { password: 'guess' });
  provider.start();
  const state = await until('it is down', () => states.find((one) => one.state === 'down'));
  assert.match(state.message ?? '', /WRONGPASS.*providers\.redis\.password/s);
  assert.doesNotMatch(state.message ?? '', /guess/);
  await provider.close();
});

test('a sentinel is asked for the master', async () => {
  await using server = await startRedis();
  await using sentinel = await startSentinel(server);
  await server.client.set('traefik/http/middlewares/m/addPrefix/prefix', '/x');
  const { configs, provider } = follow(sentinel, never, {
    sentinel: { masterName: 'main', username: '', password: '', replicaStrategy: false },
  });
  provider.start();
  await until('it is read', () => configs.at(-1)?.middlewares.has('m'));
  await provider.close();
});
