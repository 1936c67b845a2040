// Who refers to what: the other direction of a list of names. A change of one object then costs those that refer to it.

/** References by both ends. */
export type ReferenceIndex = {
  /** Replaces what `from` refers to; an empty list forgets it. */
  set(from: string, to: readonly string[]): void;
  /** Those that refer to `to`; the set must not be kept. */
  referrers(to: string): ReadonlySet<string>;
};

const nobody: ReadonlySet<string> = new Set();

/** Without references. */
export function createReferenceIndex(): ReferenceIndex {
  const targets = new Map<string, readonly string[]>();
  const referrers = new Map<string, Set<string>>();
  return {
    set(from, to) {
      for (const name of targets.get(from) ?? []) {
        const known = referrers.get(name);
        known?.delete(from);
        if (known?.size === 0) referrers.delete(name);
      }
      if (to.length === 0) targets.delete(from);
      else targets.set(from, to);
      for (const name of to) {
        const known = referrers.get(name);
        if (known === undefined) referrers.set(name, new Set([from]));
        else known.add(from);
      }
    },
    referrers: (to) => referrers.get(to) ?? nobody,
  };
}
