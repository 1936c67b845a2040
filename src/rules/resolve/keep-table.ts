// Tables whose unchanged parts are the very same objects as before, so that whoever compares by identity sees only
// what changed.
import { sameValue } from '../../lib/same-value.ts';

type Named = { readonly name: string };

/**
 * The objects as a map by name, sorted by name (code units). An object that equals the one of that name in `previous`
 * is replaced by it; when nothing at all changed, the result is `previous` itself. `objects` may be sorted in place.
 */
export function keepTable<T extends Named>(
  previous: ReadonlyMap<string, T>,
  objects: T[],
): ReadonlyMap<string, T> {
  sortByName(objects);
  return replaceInPlace(previous, objects) ?? buildTable(previous, objects);
}

/** The common case at a tenth of the cost: the same names in the same order, and few of the objects are others. */
function replaceInPlace<T extends Named>(
  previous: ReadonlyMap<string, T>,
  objects: readonly T[],
): ReadonlyMap<string, T> | undefined {
  if (objects.length !== previous.size) return undefined;
  const replaced: T[] = [];
  let at = 0;
  for (const old of previous.values()) {
    const object = objects[at++];
    if (object === old) continue;
    if (object?.name !== old.name) return undefined;
    if (!sameValue(old, object)) replaced.push(object);
  }
  if (replaced.length === 0) return previous;
  const table = new Map(previous);
  for (const object of replaced) table.set(object.name, object);
  return table;
}

function buildTable<T extends Named>(previous: ReadonlyMap<string, T>, objects: T[]): ReadonlyMap<string, T> {
  const table = new Map<string, T>();
  let same = objects.length === previous.size;
  for (const object of objects) {
    const old = previous.get(object.name);
    const kept = old !== undefined && (old === object || sameValue(old, object)) ? old : object;
    if (kept !== old) same = false;
    table.set(kept.name, kept);
  }
  return same ? previous : table;
}

/** Sorts in place. Lists mostly arrive sorted, and then it costs one comparison each. */
function sortByName(objects: Named[]): void {
  const sorted = objects.every((object, at) => at === 0 || (objects[at - 1]?.name ?? '') <= object.name);
  if (!sorted) objects.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

/** Whether a reference into the table means the same as before: the same names, each as usable as it was. */
export function refersAlike<
  T extends Named & { readonly status: string; readonly errors: readonly string[] },
>(previous: ReadonlyMap<string, T>, next: ReadonlyMap<string, T>): boolean {
  if (previous === next) return true;
  if (previous.size !== next.size) return false;
  // Both are sorted by name, so that equal tables have equal names at equal places.
  const before = previous.values();
  for (const object of next.values()) {
    const old = before.next().value;
    if (old === object) continue;
    if (old?.name !== object.name || old.status !== object.status) return false;
    if (old.errors.join() !== object.errors.join()) return false;
  }
  return true;
}
