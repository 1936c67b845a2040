// Remembers one result for each declaration, by identity. Declarations come in the same order run after run, so that
// most are found by comparing one pointer: ten thousand WeakMap look-ups alone would cost more than a millisecond.

export type DeclarationMemo<D extends object, R> = {
  /** A new run over all declarations begins. */
  begin(): void;
  /** The result for the declaration: the remembered one if `holds` says so, else what `make` gives. */
  get(declaration: D, holds: (result: R) => boolean, make: () => R): R;
};

/** What is no longer asked for is forgotten when its declaration is. */
export function createDeclarationMemo<D extends object, R>(): DeclarationMemo<D, R> {
  type Entry = { readonly declaration: D; readonly result: R };
  const known = new WeakMap<D, Entry>();
  let last: Entry[] = [];
  let current: Entry[] = [];
  let cursor = 0;

  const find = (declaration: D): Entry | undefined => {
    const expected = last[cursor];
    if (expected?.declaration === declaration) {
      cursor += 1;
      return expected;
    }
    const following = last[cursor + 1];
    // One was removed or replaced: the run goes on behind it. Anything else was inserted here.
    if (following?.declaration === declaration) {
      cursor += 2;
      return following;
    }
    return known.get(declaration);
  };

  return {
    begin() {
      last = current;
      current = [];
      cursor = 0;
    },
    get(declaration, holds, make) {
      let entry = find(declaration);
      if (entry === undefined || !holds(entry.result)) {
        entry = { declaration, result: make() };
        known.set(declaration, entry);
      }
      current.push(entry);
      return entry.result;
    },
  };
}
