// `providers.redis` → options of ioredis.
import type { RedisOptions } from 'ioredis';
import type { RedisProvider } from '../../../model/startup.ts';
import { readClientTls } from '../read-client-tls.ts';

type Options = Omit<RedisOptions, 'replyMapping'>;

/** A server without an answer for that long is given up. */
const timeoutMs = 10_000;

/** Throws with a reason that names the option. Connections are not renewed: whoever loses one begins anew. */
export function toRedisOptions({ endpoints, username, password, db, tls, sentinel }: RedisProvider): Options {
  const secure = tls === undefined ? {} : { tls: readClientTls(tls, 'redis') };
  const addresses = endpoints.map(toAddress);
  const common: Options = {
    // Servers before version 6 know no other.
    protocol: 2,
    ...secure,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    db,
    connectionName: 'berth',
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  };
  if (sentinel === undefined) return { ...common, ...addresses[0] };
  return {
    ...common,
    sentinels: addresses,
    name: sentinel.masterName,
    role: sentinel.replicaStrategy ? 'slave' : 'master',
    sentinelRetryStrategy: () => null,
    ...(sentinel.username === '' ? {} : { sentinelUsername: sentinel.username }),
    ...(sentinel.password === '' ? {} : { sentinelPassword: sentinel.password }),
    ...(tls === undefined
      ? {}
      : { enableTLSForSentinelMode: true, sentinelTLS: readClientTls(tls, 'redis') }),
  };
}

function toAddress(endpoint: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(`redis://${endpoint}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6_379) };
}
