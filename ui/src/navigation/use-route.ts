// The present place, as React state. Typing in a search field replaces the entry instead of adding one per key.
import { useMemo, useSyncExternalStore } from 'react';
import { parseHash, type Route, toHref } from './route.ts';

/** Re-renders when the place changes, by link, by history or by `replaceQuery`. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash), [hash]);
}

/** Changes some query values of the present place without a new history entry. */
export function replaceQuery(changes: Readonly<Record<string, string>>): void {
  const { path, query } = parseHash(window.location.hash);
  window.history.replaceState(null, '', toHref(path, { ...Object.fromEntries(query), ...changes }));
  // replaceState is silent, and everybody listens to hashchange.
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}
