// ipAllowList: serves the clients of given addresses only (Traefik pkg/middlewares/ipallowlist).
import { STATUS_CODES } from 'node:http';
import type { IpAllowListOptions } from '../../../model/middlewares/ip-allow-list.ts';
import { compileAddressSet } from '../address-set.ts';
import { compileClientOf } from '../client-of.ts';
import type { HeadMiddleware } from '../exchange.ts';

/** Refuses everybody whose address is not in the list, or not known (Traefik v3.7 "IPAllowList" and "IPWhiteList"). */
export function compileIpAllowList(options: IpAllowListOptions): HeadMiddleware {
  const isAllowed = compileAddressSet(options.sourceRange);
  const clientOf = compileClientOf(options.ipStrategy);
  // As in Traefik, 0 is not given.
  const status = options.rejectStatusCode || 403;
  return (exchange) =>
    isAllowed(withoutPort(clientOf(exchange)))
      ? undefined
      : {
          status,
          fields: ['Content-Type', 'text/plain; charset=utf-8'],
          body: STATUS_CODES[status] ?? '',
        };
}

/** Some proxies write a port into X-Forwarded-For: `10.0.0.1:4711`, `[::1]:4711`. */
function withoutPort(address: string): string {
  if (!address.includes(':')) return address;
  return (
    /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? /^\[([^\]]+)\]:\d+$/.exec(address)?.[1] ?? address
  );
}
