// Tables of thousands of entries of which one changes at a time. A table is never altered: a changed one shares with the
// old one all chunks that did not change, so that a change, and finding out later what has changed, cost about the square
// root of the size. A Map costs the whole of it, and a copy of 10,000 entries is most of a millisecond and much garbage.

/** Keys with their values, side by side: a search reads the keys only. Never empty, never altered. */
type Chunk<T> = { readonly keys: readonly string[]; readonly values: readonly T[] };

/** One change: undefined takes the key out. */
export type TableChange<T> = readonly [key: string, value: T | undefined];

/** What takes one table to another; both lists in the order of the keys where both tables are sorted. */
export type TableDifference<T> = {
  readonly set: readonly (readonly [key: string, value: T])[];
  readonly removed: readonly string[];
};

/** About the square root of 10,000: a change copies one chunk and the list of chunks. */
const maxChunkLength = 128;
/** Chunks made by splitting leave room to grow. */
const splitLength = 96;
/** A chunk this small is joined with its neighbour, so that tables which shrink do not end as one chunk for each key. */
const minChunkLength = 24;

/** A read-only map in the order of its keys (code units). Made by `sortedTable` and `withChanges`. */
export class SortedTable<T> implements ReadonlyMap<string, T> {
  readonly size: number;
  readonly chunks: readonly Chunk<T>[];

  /** For this file only: keys must be sorted, within chunks and over them. */
  constructor(chunks: readonly Chunk<T>[]) {
    this.chunks = chunks;
    this.size = chunks.reduce((sum, { keys }) => sum + keys.length, 0);
  }

  get(key: string): T | undefined {
    const chunk = this.chunks[chunkOf(this.chunks, key)];
    if (chunk === undefined) return undefined;
    const at = placeOf(chunk.keys, key);
    return chunk.keys[at] === key ? chunk.values[at] : undefined;
  }

  has(key: string): boolean {
    return this.nextKey(key) === key;
  }

  /** The least key that is not below `key`. */
  nextKey(key: string): string | undefined {
    const at = chunkOf(this.chunks, key);
    const keys = this.chunks[at]?.keys;
    if (keys === undefined) return undefined;
    return keys[placeOf(keys, key)] ?? this.chunks[at + 1]?.keys[0];
  }

  *entries(): Generator<[string, T], undefined> {
    for (const { keys, values } of this.chunks) {
      for (let at = 0; at < keys.length; at += 1) yield [keys[at] as string, values[at] as T];
    }
    return undefined;
  }

  *keys(): Generator<string, undefined> {
    for (const { keys } of this.chunks) yield* keys;
    return undefined;
  }

  *values(): Generator<T, undefined> {
    for (const { values } of this.chunks) yield* values;
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, T], undefined> {
    return this.entries();
  }

  forEach(callback: (value: T, key: string, table: ReadonlyMap<string, T>) => void): void {
    for (const [key, value] of this) callback(value, key, this);
  }
}

/** A table of these entries; of equal keys the last counts. */
export function sortedTable<T>(entries: Iterable<readonly [string, T]> = []): SortedTable<T> {
  return withChanges(new SortedTable<T>([]), entries);
}

/** A table of these values by their keys; of equal keys the last counts. */
export function tableBy<T>(values: Iterable<T>, keyOf: (value: T) => string): SortedTable<T> {
  return sortedTable(Iterator.from(values).map((value) => [keyOf(value), value] as const));
}

/**
 * `table` after the changes, of which the last one for a key counts; `table` itself when it has all of them already
 * (values are compared by identity). A table of another kind is sorted first, which costs the whole of it.
 */
export function withChanges<T>(
  table: ReadonlyMap<string, T>,
  changes: Iterable<TableChange<T>>,
): SortedTable<T> {
  const base = table instanceof SortedTable ? (table as SortedTable<T>) : sortedTable(table);
  const sorted = sortChanges([...changes]);
  if (sorted.length === 0) return base;
  const { chunks } = base;
  const next: Chunk<T>[] = [];
  let hasChanged = false;
  let from = 0;
  for (let at = 0; at < Math.max(chunks.length, 1); at += 1) {
    const chunk = chunks[at];
    const bound = chunks[at + 1]?.keys[0];
    let to = from;
    while (to < sorted.length && (bound === undefined || (sorted[to]?.[0] ?? '') < bound)) to += 1;
    const merged = from === to ? chunk : mergeChunk(chunk ?? emptyChunk, sorted, from, to);
    from = to;
    if (merged === undefined || merged === chunk) {
      if (chunk !== undefined) next.push(chunk);
      continue;
    }
    hasChanged = true;
    addChunk(next, merged);
  }
  return hasChanged ? new SortedTable(next) : base;
}

/** In the order of the keys, each once, the last one. Changes mostly come in order, and then nothing has to be sorted. */
function sortChanges<T>(changes: readonly TableChange<T>[]): readonly TableChange<T>[] {
  let isSorted = true;
  for (let at = 1; at < changes.length && isSorted; at += 1) {
    isSorted = (changes[at - 1]?.[0] ?? '') < (changes[at]?.[0] ?? '');
  }
  if (isSorted) return changes;
  return [...new Map(changes)].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** What is different in `next`, by identity. Cheap where `next` came of `previous` by `withChanges`. */
export function diffTables<T>(
  previous: ReadonlyMap<string, T>,
  next: ReadonlyMap<string, T>,
): TableDifference<T> {
  if (previous === next) return { set: [], removed: [] };
  const shared = sharedChunks(previous, next);
  const [before, now] = [unshared(previous, shared), unshared(next, shared)];
  if (before.size === 0) return { set: [...now], removed: [] };
  return {
    set: [...now].filter(([key, value]) => before.get(key) !== value || !before.has(key)),
    removed: [...before.keys()].filter((key) => !now.has(key)),
  };
}

function sharedChunks(previous: ReadonlyMap<string, unknown>, next: ReadonlyMap<string, unknown>) {
  if (!(previous instanceof SortedTable && next instanceof SortedTable)) return new Set<unknown>();
  return new Set<unknown>(previous.chunks).intersection(new Set<unknown>(next.chunks));
}

/** The entries outside these chunks: keys of a shared chunk are in both tables, and in no other chunk of either. */
function unshared<T>(table: ReadonlyMap<string, T>, shared: ReadonlySet<unknown>): ReadonlyMap<string, T> {
  if (!(table instanceof SortedTable) || shared.size === 0) return table;
  const chunks = (table as SortedTable<T>).chunks.filter((chunk) => !shared.has(chunk));
  return new SortedTable(chunks);
}

const emptyChunk: Chunk<never> = { keys: [], values: [] };

/** The chunk itself when the changes change nothing. May come out empty or too long. */
function mergeChunk<T>(
  chunk: Chunk<T>,
  changes: readonly TableChange<T>[],
  from: number,
  to: number,
): Chunk<T> {
  const keys: string[] = [];
  const values: T[] = [];
  const keep = (start: number, end: number): void => {
    for (let at = start; at < end; at += 1) {
      keys.push(chunk.keys[at] as string);
      values.push(chunk.values[at] as T);
    }
  };
  let hasChanged = false;
  let done = 0;
  for (let next = from; next < to; next += 1) {
    const [key, value] = changes[next] as TableChange<T>;
    const at = placeOf(chunk.keys, key);
    keep(done, at);
    const isKnown = chunk.keys[at] === key;
    done = isKnown ? at + 1 : at;
    if (isKnown ? chunk.values[at] !== value : value !== undefined) hasChanged = true;
    if (value === undefined) continue;
    keys.push(key);
    values.push(value);
  }
  keep(done, chunk.keys.length);
  return hasChanged ? { keys, values } : chunk;
}

/** Adds a changed chunk, in parts where it is too long, or joined with the one before where that is small. */
function addChunk<T>(chunks: Chunk<T>[], chunk: Chunk<T>): void {
  const { length } = chunk.keys;
  if (length === 0) return;
  const before = chunks.at(-1);
  if (before !== undefined && Math.min(before.keys.length, length) < minChunkLength) {
    if (before.keys.length + length <= maxChunkLength) {
      chunks[chunks.length - 1] = {
        keys: [...before.keys, ...chunk.keys],
        values: [...before.values, ...chunk.values],
      };
      return;
    }
  }
  if (length <= maxChunkLength) {
    chunks.push(chunk);
    return;
  }
  const parts = Math.ceil(length / splitLength);
  for (let part = 0; part < parts; part += 1) {
    const [start, end] = [Math.floor((part * length) / parts), Math.floor(((part + 1) * length) / parts)];
    chunks.push({ keys: chunk.keys.slice(start, end), values: chunk.values.slice(start, end) });
  }
}

/** Where the chunk stands that has the key, or would have it; 0 also where there is none. */
function chunkOf(chunks: readonly Chunk<unknown>[], key: string): number {
  let [from, to] = [0, chunks.length];
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if ((chunks[middle]?.keys[0] ?? '') <= key) from = middle;
    else to = middle;
  }
  return from;
}

/** Where the key stands, or would stand. */
function placeOf(keys: readonly string[], key: string): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((keys[middle] ?? '') < key) from = middle + 1;
    else to = middle;
  }
  return from;
}
