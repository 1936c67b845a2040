// Which coding an answer gets (RFC 9110 §12.5.3; Traefik pkg/middlewares/compress, getCompressionEncoding).
import type { ContentEncoding } from '../../../model/middlewares/compress.ts';

/** The coding for a request by its Accept-Encoding; undefined for none. */
export type EncodingChoice = (acceptEncoding: string | undefined) => ContentEncoding | undefined;

/** At the same weight `*` comes first and `identity` last. */
type Wish = {
  readonly coding: ContentEncoding | '*' | 'identity';
  readonly weight: number;
  readonly rank: number;
};

/** Compiles the options. `encodings` holds at least one. */
export function compileEncodingChoice(
  encodings: readonly ContentEncoding[],
  defaultEncoding: ContentEncoding | undefined,
): EncodingChoice {
  const ranks = new Map<string, number>([
    ['*', -1],
    ['identity', encodings.length],
    ...encodings.map((encoding, at) => [encoding, at] as const),
  ]);
  const ofAny = defaultEncoding ?? encodings[0];

  const choose = (acceptEncoding: string): ContentEncoding | undefined => {
    let best: Wish | undefined;
    for (const member of acceptEncoding.split(',')) {
      const wish = readWish(member, ranks);
      if (wish !== undefined && (best === undefined || isBetter(wish, best))) best = wish;
    }
    if (best === undefined || best.coding === 'identity') return undefined;
    return best.coding === '*' ? ofAny : best.coding;
  };

  // Clients are of few kinds, and each says the same with every request.
  const known = new Map<string, ContentEncoding | undefined>();
  return (acceptEncoding) => {
    // Traefik: a client that says nothing may not be able to decode anything.
    if (acceptEncoding === undefined) return defaultEncoding;
    if (known.has(acceptEncoding)) return known.get(acceptEncoding);
    const chosen = choose(acceptEncoding);
    if (known.size < maxKnown) known.set(acceptEncoding, chosen);
    return chosen;
  };
}

const maxKnown = 256;

function readWish(member: string, ranks: ReadonlyMap<string, number>): Wish | undefined {
  const [name = '', parameter = ''] = member.replaceAll(/\s/g, '').toLowerCase().split(';');
  const rank = ranks.get(name);
  if (rank === undefined) return undefined;
  const weight = parameter.startsWith('q=') ? Number(parameter.slice(2)) : 1;
  // A weight that is no number is Traefik's 0.
  return weight > 0 ? { coding: name as Wish['coding'], weight, rank } : undefined;
}

function isBetter(one: Wish, other: Wish): boolean {
  return one.weight === other.weight ? one.rank < other.rank : one.weight > other.weight;
}
