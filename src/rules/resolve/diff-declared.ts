// What is new or different in a table of declarations, found by comparing pointers: both tables are walked side by side,
// and as long as they agree nothing is looked up.

/** The difference of two tables. */
export type DeclaredChanges<D> = {
  /** New or different ones. */
  readonly set: readonly D[];
  readonly removed: readonly string[];
};

/** Right for tables in any order; cheap when what is in both stands in the same order. */
export function diffDeclared<D extends { readonly name: string }>(
  last: ReadonlyMap<string, D>,
  next: ReadonlyMap<string, D>,
): DeclaredChanges<D> {
  if (last === next) return { set: [], removed: [] };
  const set: D[] = [];
  const before = last.values();
  let old = before.next().value;
  let added = 0;
  for (const declared of next.values()) {
    // What was removed is stepped over, so that the walk agrees again behind it.
    while (old !== undefined && old !== declared && !next.has(old.name)) old = before.next().value;
    if (old === declared) {
      old = before.next().value;
      continue;
    }
    const known = last.get(declared.name);
    if (known === undefined) added += 1;
    if (known !== declared) set.push(declared);
    if (known !== undefined && known === old) old = before.next().value;
  }
  const gone = last.size + added - next.size;
  return { set, removed: gone === 0 ? [] : [...last.keys()].filter((name) => !next.has(name)) };
}
