// The Redis provider with its defaults (Traefik v3.7 "Redis"). Pure.
import type { RedisProviderOptions } from '../../model/provider-options.ts';
import type { RedisProvider } from '../../model/startup.ts';
import { resolveClientTls } from './resolve-client-tls.ts';
import type { StartupFault } from './startup-fault.ts';

/** Fills the defaults in. What no client could connect with is an error among the faults. */
export function resolveRedisProvider(options: RedisProviderOptions, faults: StartupFault[]): RedisProvider {
  const { endpoints = ['127.0.0.1:6379'], rootKey = 'traefik', db = 0, sentinel } = options;
  const bad = endpoints.find((endpoint) => !isAddress(endpoint));
  if (bad !== undefined) {
    faults.push({
      severity: 'error',
      source: 'providers.redis.endpoints',
      message: `The endpoint ${JSON.stringify(bad)} is not host:port.`,
      hint: 'Write 127.0.0.1:6379.',
    });
  }
  if (endpoints.length > 1 && sentinel === undefined) {
    faults.push({
      severity: 'error',
      source: 'providers.redis.endpoints',
      message: 'There can be several endpoints only where they are sentinels.',
      hint: 'Name one server, or set providers.redis.sentinel.masterName.',
    });
  }
  if (sentinel !== undefined && !sentinel.masterName) {
    faults.push({
      severity: 'error',
      source: 'providers.redis.sentinel.masterName',
      message: 'Sentinels have to be asked for a master by name.',
      hint: 'Set it to the name that the sentinels monitor.',
    });
  }
  return {
    endpoints,
    rootKey: rootKey.replace(/^\/+|\/+$/g, ''),
    username: options.username ?? '',
    password: options.password ?? '',
    db,
    ...resolveClientTls(options.tls),
    ...(sentinel === undefined
      ? {}
      : {
          sentinel: {
            masterName: sentinel.masterName ?? '',
            username: sentinel.username ?? '',
            password: sentinel.password ?? '',
            replicaStrategy: sentinel.replicaStrategy ?? false,
          },
        }),
  };
}

function isAddress(endpoint: string): boolean {
  const url = URL.parse(`redis://${endpoint}`);
  return url !== null && url.hostname !== '' && !/[/@?#]/.test(endpoint);
}
