// Tables whose unchanged parts are the very same objects as before, so that whoever compares by identity sees only
// what changed.
import { isDeepStrictEqual } from 'node:util';

/**
 * The objects as a map by name, sorted by name (code units). An object that equals the one of that name in `previous`
 * is replaced by it; when nothing at all changed, the result is `previous` itself.
 */
export function keepTable<T extends { readonly name: string }>(
  previous: ReadonlyMap<string, T>,
  objects: T[],
): ReadonlyMap<string, T> {
  sortByName(objects);
  const table = new Map<string, T>();
  let same = objects.length === previous.size;
  for (const object of objects) {
    const old = previous.get(object.name);
    const kept = old !== undefined && (old === object || isDeepStrictEqual(old, object)) ? old : object;
    if (kept !== old) same = false;
    table.set(kept.name, kept);
  }
  return same ? previous : table;
}

/** Sorts in place. Tables mostly arrive sorted, and then it costs one comparison each. */
function sortByName(objects: { readonly name: string }[]): void {
  const sorted = objects.every((object, at) => at === 0 || (objects[at - 1]?.name ?? '') <= object.name);
  if (!sorted) objects.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}
