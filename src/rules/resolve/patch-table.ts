// Tables whose unchanged parts are the very same objects as before, so that whoever compares by identity sees only
// what changed.
import { sameValue } from '../../lib/same-value.ts';
import { withChanges } from '../../lib/sorted-table.ts';

type Named = { readonly name: string };

/**
 * `previous`, sorted by name (code units), with objects put in and names taken out. An object that equals the one of
 * its name is not put in; when nothing at all changes, the result is `previous` itself. No name may be both.
 */
export function patchTable<T extends Named>(
  previous: ReadonlyMap<string, T>,
  objects: readonly T[],
  removed: readonly string[],
): ReadonlyMap<string, T> {
  const put = objects.filter((object) => !sameValue(previous.get(object.name), object));
  const gone = removed.filter((name) => previous.has(name));
  if (put.length + gone.length === 0) return previous;
  return withChanges(previous, [
    ...put.map((object) => [object.name, object] as const),
    ...gone.map((name) => [name, undefined] as const),
  ]);
}
