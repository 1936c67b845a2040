// What Traefik takes from files and key-value stores only, and passes over in silence where it stands in a label
// (`label:"-"` in its configuration types).

/** Kinds of services beside loadBalancer, by their lower-case names. */
const serviceKinds: ReadonlyMap<string, string> = new Map(
  ['weighted', 'mirroring', 'failover', 'highestRandomWeight'].map((kind) => [kind.toLowerCase(), kind]),
);

/** What such a label wants, in the plural, given the parts behind its root; undefined for all other labels. */
export function fileOnlyObjects(path: readonly string[]): string | undefined {
  const [protocol = '', objects, , kind = ''] = path.map((part) => part.toLowerCase());
  if (objects === 'serverstransports') {
    return protocol === 'http' || protocol === 'tcp' ? 'serversTransports' : undefined;
  }
  const isKind =
    objects === 'services' && (protocol === 'http' || (protocol === 'tcp' && kind === 'weighted'));
  const found = isKind ? serviceKinds.get(kind) : undefined;
  return found === undefined ? undefined : `${found} services`;
}
