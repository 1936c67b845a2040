// Remembers one result for each object of a list, by identity. The list comes in much the same order run after run, so
// that most are found by comparing one pointer: ten thousand WeakMap look-ups alone would cost more than a millisecond.

export type OrderedMemo<K extends object, R> = {
  /** A new run over all objects begins. */
  begin(): void;
  /** The result for the object: the remembered one if `holds` says so, else what `make` gives. */
  get(key: K, holds: (result: R) => boolean, make: () => R): R;
};

/** What is no longer asked for is forgotten when its object is. */
export function createOrderedMemo<K extends object, R>(): OrderedMemo<K, R> {
  type Entry = { readonly key: K; readonly result: R };
  const known = new WeakMap<K, Entry>();
  let last: Entry[] = [];
  let current: Entry[] = [];
  let cursor = 0;

  const find = (key: K): Entry | undefined => {
    const expected = last[cursor];
    if (expected?.key === key) {
      cursor += 1;
      return expected;
    }
    const following = last[cursor + 1];
    // One was removed or replaced: the run goes on behind it. Anything else was inserted here.
    if (following?.key === key) {
      cursor += 2;
      return following;
    }
    return known.get(key);
  };

  return {
    begin() {
      last = current;
      current = [];
      cursor = 0;
    },
    get(key, holds, make) {
      let entry = find(key);
      if (entry === undefined || !holds(entry.result)) {
        entry = { key, result: make() };
        known.set(key, entry);
      }
      current.push(entry);
      return entry.result;
    },
  };
}
