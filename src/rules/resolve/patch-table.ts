// Tables whose unchanged parts are the very same objects as before, so that whoever compares by identity sees only
// what changed.
import { sameValue } from '../../lib/same-value.ts';

type Named = { readonly name: string };

/**
 * `previous`, a table sorted by name (code units), with objects put in and names taken out. An object that equals the
 * one of its name is not put in; when nothing at all changes, the result is `previous` itself. No name may be both.
 */
export function patchTable<T extends Named>(
  previous: ReadonlyMap<string, T>,
  objects: readonly T[],
  removed: readonly string[],
): ReadonlyMap<string, T> {
  const added: T[] = [];
  const replaced: T[] = [];
  for (const object of objects) {
    const old = previous.get(object.name);
    if (old === undefined) added.push(object);
    else if (!sameValue(old, object)) replaced.push(object);
  }
  const gone = removed.filter((name) => previous.has(name));
  if (added.length + replaced.length + gone.length === 0) return previous;
  const table = added.length === 0 ? new Map(previous) : insert(previous, added);
  for (const object of replaced) table.set(object.name, object);
  for (const name of gone) table.delete(name);
  return table;
}

/** A copy of a sorted table with new names at their places. Only the new ones are sorted. */
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
