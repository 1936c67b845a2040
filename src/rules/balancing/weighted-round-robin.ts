// Weighted round robin by earliest deadline first, as Traefik does it (pkg/server/service/loadbalancer/wrr): each
// candidate is due again 1/weight after its last turn, so heavier ones come more often and evenly spread.
import type { BalancerGroup, Candidate } from './candidate.ts';

/** Picks the candidate that is due first; among equals the first of the list. */
export function pickWeightedRoundRobin<C extends Candidate>(
  candidates: readonly C[],
  group: BalancerGroup,
): C | undefined {
  let first: C | undefined;
  for (let at = 0; at < candidates.length; at++) {
    const candidate = candidates[at];
    if (candidate === undefined) continue;
    joinTurns(candidate, group);
    if (first === undefined || candidate.turn < first.turn) first = candidate;
  }
  if (first !== undefined) takeTurn(first, group);
  return first;
}

/**
 * A newcomer, and one that was away while others had their turns, starts behind the present: otherwise it would get
 * every request until it had caught up.
 */
export function joinTurns(candidate: Candidate, group: BalancerGroup): void {
  if (candidate.turn < group.clock) candidate.turn = group.clock + 1 / candidate.weight;
}

/** The candidate has been picked. */
export function takeTurn(candidate: Candidate, group: BalancerGroup): void {
  group.clock = candidate.turn;
  candidate.turn += 1 / candidate.weight;
}
