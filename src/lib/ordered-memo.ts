// Remembers one result for each object of a list, by identity. The list comes in much the same order run after run, so
// that most are found by comparing one pointer: ten thousand WeakMap look-ups alone would cost more than a millisecond.

/** Results by the identity of what they were made from. */
export type OrderedMemo<K extends object, R> = {
  /** A new run over all objects begins. */
  begin(): void;
  /** The result for the object: the remembered one, or what `make` gives the first time. */
  get(key: K, make: () => R): R;
};

/** What is no longer asked for is forgotten when its object is. */
export function createOrderedMemo<K extends object, R>(): OrderedMemo<K, R> {
  const known = new WeakMap<K, { readonly result: R }>();
  // Two plain arrays instead of one of pairs: a hit touches no object but the key and the result.
  let lastKeys: K[] = [];
  let lastResults: R[] = [];
  let keys: K[] = [];
  let results: R[] = [];
  let cursor = 0;

  /** Where the last run had the object, if that is where it is expected. */
  const place = (key: K): number => {
    if (lastKeys[cursor] === key) return cursor;
    // One was removed or replaced: the run goes on behind it. Anything else was inserted here.
    return lastKeys[cursor + 1] === key ? cursor + 1 : -1;
  };

  const find = (key: K): { readonly result: R } | undefined => {
    const at = place(key);
    if (at < 0) return known.get(key);
    cursor = at + 1;
    return { result: lastResults[at] as R };
  };

  return {
    begin() {
      [lastKeys, lastResults, keys, results] = [keys, results, [], []];
      cursor = 0;
    },
    get(key, make) {
      let found = find(key);
      if (found === undefined) {
        found = { result: make() };
        known.set(key, found);
      }
      keys.push(key);
      results.push(found.result);
      return found.result;
    },
  };
}
