// What Traefik takes from files and key-value stores only, and passes over in silence where it stands in a label
// (`label:"-"` in its configuration types).
import { compositeKinds } from '../../model/composite-service.ts';

/** Kinds of services beside loadBalancer, by their lower-case names. */
const serviceKinds: ReadonlyMap<string, string> = new Map(
  compositeKinds.map((kind) => [kind.toLowerCase(), kind]),
);
/** Those that Berth takes from labels under `berth.`. */
const taken: ReadonlySet<string> = new Set(compositeKinds);

/** What such a label wants. */
export type FileOnly = {
  /** In the plural. */
  readonly objects: string;
  /** Whether a label under `berth.` can have it. */
  readonly isTaken: boolean;
};

/** Undefined for labels that Traefik reads; given are the parts behind its root. */
export function fileOnlyObjects(path: readonly string[]): FileOnly | undefined {
  const [protocol = '', objects, , kind = ''] = path.map((part) => part.toLowerCase());
  if (objects === 'serverstransports') {
    return protocol === 'http' || protocol === 'tcp'
      ? { objects: 'serversTransports', isTaken: false }
      : undefined;
  }
  const isKind =
    objects === 'services' && (protocol === 'http' || (protocol === 'tcp' && kind === 'weighted'));
  const found = isKind ? serviceKinds.get(kind) : undefined;
  if (found === undefined) return undefined;
  return { objects: `${found} services`, isTaken: protocol === 'http' && taken.has(found) };
}
