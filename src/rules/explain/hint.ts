// What to do where no router takes a request: the one thing in the way of the router that is nearest to taking it.
import type { RouterTrial } from '../../model/explanation.ts';
import type { Arrival } from './try-routers.ts';

/** One sentence or two. `trials` as they were sorted: the nearest first. */
export function hintFor(trials: readonly RouterTrial[], { entryPoint, isTls }: Arrival): string {
  const [nearest] = trials;
  if (nearest === undefined) {
    return 'There is no router. Containers declare them by labels; see the diagnostics for labels that were not understood.';
  }
  // A sound router says more than a faulty one that would also have taken it.
  const blocked = trials.find(({ verdict }) => verdict === 'disabled');
  const elsewhere = trials.find(({ verdict }) => verdict === 'other-entry-point');
  const wrongSide = trials.find(({ verdict }) => verdict === 'other-encryption');
  if (wrongSide !== undefined) {
    return isTls
      ? `Give the router ${wrongSide.name} tls=true, or ask by http://.`
      : `Ask by https://, or take tls away from the router ${wrongSide.name}.`;
  }
  if (elsewhere !== undefined) {
    return `Add ${entryPoint} to entryPoints of the router ${elsewhere.name}, or ask where it listens.`;
  }
  if (blocked !== undefined) {
    return `The router ${blocked.name} would take it, but is disabled: ${blocked.reasons.join(' ')}`;
  }
  return `The nearest router is ${nearest.name}, which asks for something else: ${nearest.reasons.join(' ')}`;
}
