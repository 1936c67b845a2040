// Rendezvous hashing on the client's address, as in Traefik (loadbalancer/hrw): each client has its own order of the
// servers, so that it stays with one, and only the clients of a server that is gone move.
import type { BalancerGroup, Candidate, PickContext } from './candidate.ts';
import { hashToUnit } from './fnv1a.ts';

/** The candidate with the highest score for this client; weights shift the odds in their proportion. */
export function pickHighestRandomWeight<C extends Candidate>(
  candidates: readonly C[],
  _group: BalancerGroup,
  { clientAddress }: PickContext,
): C | undefined {
  let best: C | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at];
    if (candidate === undefined) continue;
    const score = candidate.weight / -Math.log(hashToUnit(clientAddress, candidate.id));
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}
