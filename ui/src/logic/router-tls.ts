// Where a router is for encrypted connections.
import type { RouterView } from '../../../src/model/view.ts';

/** In words: everywhere, on some of its entry points, or nowhere. Where it is, it answers no plain request. */
export function tlsOf({ tls, tlsEntryPoints = [] }: Pick<RouterView, 'tls' | 'tlsEntryPoints'>): string {
  if (tls !== undefined) return 'Yes';
  return tlsEntryPoints.length === 0 ? 'No' : `On ${tlsEntryPoints.join(', ')}`;
}
