// FNV-1a, 64 bits: the hash by which Traefik ranks servers for a client (Go's hash/fnv).

/**
 * The hash of the texts in a row, scaled to the range from 0 to 1. Texts are hashed by their UTF-16
 * units: addresses and ids are ASCII, where that is the same as bytes.
 */
export function hashToUnit(one: string, other: string): number {
  // Two 32-bit halves, for a 64-bit product would need a BigInt for each character.
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let text = one, rest: string | undefined = other; ; text = rest, rest = undefined) {
    for (let at = 0; at < text.length; at++) {
      low = (low ^ text.charCodeAt(at)) >>> 0;
      // × 0x100000001b3 = × 2^40 + × 0x1b3.
      const lowProduct = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(lowProduct / 0x100000000) + (low << 8)) >>> 0;
      low = lowProduct >>> 0;
    }
    if (rest === undefined) break;
  }
  return (high * 2 ** 32 + low) / 2 ** 64;
}
