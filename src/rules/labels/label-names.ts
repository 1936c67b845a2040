// Spells labels in hints as the user of a container spells them: the very key where there is one, else with the root
// that he uses. Someone who wrote `berth.` must not be told of a label of `traefik.` that he never set.
import type { DeclaredKind, OptionNames } from '../declare/written.ts';
import { type LabelRoot, labelRoots } from './wrong-root.ts';

/** Names of labels for hints. Options are in lower case. */
export type LabelNames = OptionNames & {
  /** The label that sets an option of the container, such as `docker.network`. */
  readonly own: (option: string) => string;
};

/** `keys` are those of all labels for the gateway; `labelsOf` gives those of one object of the protocol. All as written. */
export function createLabelNames(
  keys: readonly string[],
  labelsOf: (kind: DeclaredKind, name: string) => readonly string[],
  protocol: 'http' | 'tcp' | 'udp',
): LabelNames {
  return {
    of(kind, name, option) {
      const written = labelsOf(kind, name);
      const root = rootOf(written.length > 0 ? written : keys);
      return optionIn(written, 4, option) ?? `${root}.${protocol}.${kind}s.${name}.${option}`;
    },
    own: (option) => optionIn(keys, 1, option) ?? `${rootOf(keys)}.${option}`,
  };
}

/** The last key counts, as in decoding. `depth` is the number of words before the option. */
function optionIn(keys: readonly string[], depth: number, option: string): string | undefined {
  return keys.findLast((key) => key.split('.').slice(depth).join('.').toLowerCase() === option);
}

/** `traefik` where both are used, or none. */
function rootOf(keys: readonly string[]): LabelRoot {
  return keys.length > 0 && keys.every((key) => key.startsWith('berth.')) ? 'berth' : 'traefik';
}

/** The root of a label as written. */
export function rootOfLabel(key: string): LabelRoot {
  return labelRoots.find((root) => key.startsWith(`${root}.`)) ?? 'traefik';
}
