// The power of two choices, as in Traefik (loadbalancer/p2c): of two random candidates the less busy one.
import type { BalancerGroup, Candidate, PickContext } from './candidate.ts';

/** Two different candidates by chance, the one with fewer requests under way; the first of the two if they are equal. */
export function pickPowerOfTwo<C extends Candidate>(
  candidates: readonly C[],
  _group: BalancerGroup,
  { random }: PickContext,
): C | undefined {
  const count = candidates.length;
  if (count < 2) return candidates[0];
  const first = Math.floor(random() * count);
  // One of the others: the first one's place is left out.
  const second = (first + 1 + Math.floor(random() * (count - 1))) % count;
  const one = candidates[first];
  const other = candidates[second];
  return one !== undefined && other !== undefined && other.inFlight < one.inFlight ? other : one;
}
