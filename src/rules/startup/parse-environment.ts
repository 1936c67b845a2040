// Environment → option entries: TRAEFIK_ENTRYPOINTS_WEB_ADDRESS is --entrypoints.web.address. BERTH_ wins over
// TRAEFIK_ when both name one option. Pure.
import type { FlatEntry } from '../../lib/decode-flat.ts';

const prefixes = ['TRAEFIK_', 'BERTH_'] as const;

/** Every variable that begins with one of the prefixes, in any case; BERTH_ ones last, so that they win. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): readonly FlatEntry[] {
  return prefixes.flatMap((prefix) =>
    Object.entries(env)
      .filter(([name]) => name.toUpperCase().startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({
        path: name.slice(prefix.length).split('_'),
        value: value ?? '',
        source: name,
      })),
  );
}
