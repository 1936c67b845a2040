// Least time, as in Traefik (loadbalancer/leasttime): mean time to the first byte × (1 + requests under way) / weight.
// Here the first byte of the *body* counts: speech servers send their head before they have begun to work.
import type { BalancerGroup, Candidate } from './candidate.ts';
import { joinTurns, takeTurn } from './weighted-round-robin.ts';

/** The candidate with the lowest score; among equals (so at the start) the one that is due by round robin. */
export function pickLeastTime<C extends Candidate>(
  candidates: readonly C[],
  group: BalancerGroup,
): C | undefined {
  let best: C | undefined;
  let bestScore = Number.POSITIVE_INFINITY;
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at];
    if (candidate === undefined) continue;
    joinTurns(candidate, group);
    const score = (candidate.firstByteMs * (1 + candidate.inFlight)) / candidate.weight;
    if (best === undefined || score < bestScore || (score === bestScore && candidate.turn < best.turn)) {
      best = candidate;
      bestScore = score;
    }
  }
  if (best !== undefined) takeTurn(best, group);
  return best;
}
