// Who refers to what: the other direction of a list of names. A change of one object then costs those that refer to it.

/** References by both ends. */
export type ReferenceIndex = {
  /** Replaces what `from` refers to; an empty list forgets it. */
  set(from: string, to: readonly string[]): void;
  /** Those that refer to `to`, which must not be changed before all have been taken. */
  referrers(to: string): Iterable<string>;
};

/** Most names have one referrer, for which a set would take more room than all the rest. */
type Referrers = string | Set<string>;

/** Without references. */
export function createReferenceIndex(): ReferenceIndex {
  const targets = new Map<string, readonly string[]>();
  const referrers = new Map<string, Referrers>();

  const add = (to: string, from: string): void => {
    const known = referrers.get(to);
    if (known === undefined) referrers.set(to, from);
    else if (typeof known !== 'string') known.add(from);
    else if (known !== from) referrers.set(to, new Set([known, from]));
  };
  const remove = (to: string, from: string): void => {
    const known = referrers.get(to);
    if (known === from) referrers.delete(to);
    if (known === undefined || typeof known === 'string') return;
    known.delete(from);
    if (known.size === 0) referrers.delete(to);
  };

  return {
    set(from, to) {
      for (const name of targets.get(from) ?? []) remove(name, from);
      if (to.length === 0) targets.delete(from);
      else targets.set(from, to);
      for (const name of to) add(name, from);
    },
    referrers(to) {
      const known = referrers.get(to) ?? [];
      return typeof known === 'string' ? [known] : known;
    },
  };
}
