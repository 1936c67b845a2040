// Tables whose unchanged parts are the very same objects as before, so that whoever compares by identity sees only
// what changed.
import { sameValue } from '../../lib/same-value.ts';

type Named = { readonly name: string };

/**
 * The objects, in any order but each name once, as a map sorted by name (code units). An object that equals the one of
 * that name in `previous` is replaced by it; when nothing at all changed, the result is `previous` itself. Nothing is
 * sorted but what is new: sorting ten thousand names would cost more than all the rest of a change.
 */
export function keepTable<T extends Named>(
  previous: ReadonlyMap<string, T>,
  objects: readonly T[],
): ReadonlyMap<string, T> {
  const added: T[] = [];
  const replaced: T[] = [];
  for (const object of objects) {
    const old = previous.get(object.name);
    if (old === undefined) added.push(object);
    else if (old !== object && !sameValue(old, object)) replaced.push(object);
  }
  const removes = objects.length - added.length < previous.size;
  if (added.length + replaced.length === 0 && !removes) return previous;
  const table = added.length === 0 ? new Map(previous) : insert(previous, added);
  for (const object of replaced) table.set(object.name, object);
  if (removes) {
    const names = new Set(objects.map(({ name }) => name));
    for (const name of previous.keys()) if (!names.has(name)) table.delete(name);
  }
  return table;
}

/** A copy of a sorted table with new names at their places. */
function insert<T extends Named>(previous: ReadonlyMap<string, T>, added: readonly T[]): Map<string, T> {
  const fresh = added.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const table = new Map<string, T>();
  let at = 0;
  for (const [name, object] of previous) {
    for (let next = fresh[at]; next !== undefined && next.name < name; next = fresh[at]) {
      table.set(next.name, next);
      at += 1;
    }
    table.set(name, object);
  }
  for (const object of fresh.slice(at)) table.set(object.name, object);
  return table;
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
