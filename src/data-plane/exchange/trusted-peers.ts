// Whose X-Forwarded-* are believed (Traefik `forwardedHeaders.insecure` and `.trustedIPs`).
import { isInRange, parseAddress, parseAddressRange } from '../../rules/routing/parse-address-range.ts';

/** Compiles the lists. Entries that are no address are no trust (the start-up checks name them). */
export function compileTrust(options: {
  readonly insecure: boolean;
  readonly trustedIPs: readonly string[];
}): (address: string) => boolean {
  if (options.insecure) return () => true;
  const ranges = options.trustedIPs.map(parseAddressRange).filter((range) => range !== undefined);
  if (ranges.length === 0) return () => false;
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const parsed = parseAddress(address);
    const isTrusted = parsed !== undefined && ranges.some((range) => isInRange(parsed, range));
    // The answers never change; the bound keeps a flood of addresses from filling the memory.
    if (known.size < maxKnown) known.set(address, isTrusted);
    return isTrusted;
  };
}

const maxKnown = 4096;
