// A table that holds nothing in memory: what nobody else uses any more is forgotten by it.

/** Finds or makes the one value of a key. */
export type WeakValues<V extends object> = {
  /** The value that somebody uses under this key, or what `make` gives. */
  readonly of: (key: string, make: () => V) => V;
};

/** An empty one. A value is forgotten some time after the last other reference to it has gone. */
export function createWeakValues<V extends object>(): WeakValues<V> {
  const values = new Map<string, WeakRef<V>>();
  const forget = new FinalizationRegistry<string>((key) => {
    // Another value may have taken its place meanwhile.
    if (values.get(key)?.deref() === undefined) values.delete(key);
  });
  return {
    of(key, make) {
      const known = values.get(key)?.deref();
      if (known !== undefined) return known;
      const made = make();
      values.set(key, new WeakRef(made));
      forget.register(made, key);
      return made;
    },
  };
}
