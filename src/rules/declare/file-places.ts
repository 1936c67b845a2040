// Where the options of a file stand, by their paths: for diagnostics of decoding, and of whatever comes later.
import type { Mark } from '../../lib/text-tree/text-tree.ts';
import type { Place } from '../../model/diagnostic.ts';

/** Places of one file. */
export type FilePlaces = {
  /** The place of an option, or of what stands nearest above it; undefined in an empty file. */
  of(path: readonly string[]): Place | undefined;
  /** Places of one object and of all options below it, as `Declared.places` holds them. */
  below(protocol: string, objects: string, name: string): Readonly<Record<string, Place>>;
};

/** Marks as a parser of texts gives them, or the paths of a store, which stand in no line. */
export function createFilePlaces(file: string, marks: readonly Mark[]): FilePlaces {
  const all = new Map<string, Place>();
  const byObject = new Map<string, Record<string, Place>>();
  for (const { path, line, column } of marks) {
    const place: Place = { file, line, column };
    all.set(idOf(path), place);
    if (path.length < 3) continue;
    const object = idOf(path.slice(0, 3));
    const below = byObject.get(object) ?? {};
    byObject.set(object, below);
    below[path.slice(3).join('.').toLowerCase()] = place;
  }
  return {
    of(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const place = all.get(idOf(path.slice(0, length)));
        if (place !== undefined) return place;
      }
      return undefined;
    },
    below: (protocol, objects, name) => byObject.get(idOf([protocol, objects, name])) ?? {},
  };
}

/** Options are spelt in any case, names of objects (the third part) as they are. */
function idOf(path: readonly string[]): string {
  return path.map((part, depth) => (depth === 2 ? part : part.toLowerCase())).join('\0');
}
