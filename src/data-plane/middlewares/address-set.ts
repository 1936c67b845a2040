// Sets of addresses and ranges (Traefik pkg/ip, Checker).
import { isInRange, parseAddress, parseAddressRange } from '../../rules/routing/parse-address-range.ts';

/** Answers that are remembered: those of the clients of some minutes. */
const maxKnown = 4096;

/** Whether an address is in the set. What is no address is in none. Entries that are no range do not count. */
export function compileAddressSet(entries: readonly string[]): (address: string) => boolean {
  const ranges = entries
    .map((entry) => parseAddressRange(entry.trim()))
    .filter((range) => range !== undefined);
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const parsed = parseAddress(address);
    const isIn = parsed !== undefined && ranges.some((range) => isInRange(parsed, range));
    // The answers never change; the bound keeps a flood of addresses from filling the memory.
    if (known.size < maxKnown) known.set(address, isIn);
    return isIn;
  };
}
