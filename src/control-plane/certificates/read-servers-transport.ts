// The files that the static servers transport names, read once when the gateway starts.
import type { PemFault } from '../../model/pem-reader.ts';
import type { ServersTransport, TransportMaterial } from '../../model/servers-transport.ts';
import { createPemBook } from './create-pem-book.ts';

/**
 * Reads it. `onFault` hears of each authority that cannot be used; the others are trusted all the same, as in Traefik, and the
 * usual ones are not: whoever names authorities wants no others.
 */
export function readServersTransport(
  { rootCAs, ...rest }: ServersTransport,
  onFault: (fault: PemFault) => void,
): TransportMaterial {
  if (rootCAs === undefined) return rest;
  const texts = new Map<string, string>();
  const book = createPemBook((name, text) => texts.set(name, text));
  for (const source of rootCAs) {
    const found = book.certificates(source);
    if ('message' in found) onFault(found);
  }
  return { ...rest, ca: [...texts.values()] };
}
