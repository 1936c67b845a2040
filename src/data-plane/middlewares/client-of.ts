// Which address counts as the client's (Traefik v3.7 "ipStrategy", pkg/ip/strategy.go). X-Forwarded-For is what the entry
// point believes of it: fields of strangers are gone before any middleware runs.
import { joinedFieldOf } from '../../lib/header-fields.ts';
import type { IpStrategyOptions } from '../../model/middlewares/ip-strategy.ts';
import { parseAddress } from '../../rules/routing/parse-address-range.ts';
import { compileAddressSet } from './address-set.ts';
import type { Exchange } from './exchange.ts';

/** The address of a request's client, as written; empty where there is none. */
export type ClientOf = (exchange: Exchange) => string;

/** Compiles the strategy; without one, and without options, the connection's other end is the client. */
export function compileClientOf(options: IpStrategyOptions = {}): ClientOf {
  const { depth = 0, excludedIPs = [], ipv6Subnet } = options;
  const inSubnet = ipv6Subnet === undefined ? asItIs : (address: string) => subnetOf(address, ipv6Subnet);
  if (depth > 0) return (exchange) => inSubnet(forwardedFor(exchange).at(-depth)?.trim() ?? '');
  if (excludedIPs.length > 0) {
    const isExcluded = compileAddressSet(excludedIPs);
    return (exchange) => {
      const isClient = (address: string): boolean => address !== '' && !isExcluded(address);
      return (
        forwardedFor(exchange)
          .map((address) => address.trim())
          .findLast(isClient) ?? ''
      );
    };
  }
  return (exchange) => inSubnet(exchange.clientAddress);
}

function asItIs(address: string): string {
  return address;
}

/** All fields of that name count as one list (RFC 9110 §5.3): a client must not hide a hop by a field of its own. */
function forwardedFor({ fields }: Exchange): readonly string[] {
  return (joinedFieldOf(fields, 'x-forwarded-for') ?? '').split(',');
}

/** The first address of the subnet; what is no IPv6 address stays as it is. */
function subnetOf(address: string, bits: number): string {
  const parsed = parseAddress(address);
  if (parsed === undefined || parsed.kind() !== 'ipv6') return address;
  const bytes = parsed.toByteArray();
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 2) {
    const left = Math.min(16, Math.max(0, bits - at * 8));
    const mask = (0xffff << (16 - left)) & 0xffff;
    parts.push(((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) & mask).toString(16));
  }
  return parts.join(':');
}
