// Names of fields as senders spell them → what HPACK does with each. One book serves many connections. Pure.
import { lastStaticIndex, staticTable } from './hpack-static-table.ts';

/** What is known of a name. */
export type FieldName = {
  /** In lower case (RFC 9113 §8.2.1). */
  readonly name: string;
  /** The first index of the static table with this name; 0 without one. */
  readonly staticIndex: number;
  /** Indexes of the static table by value. */
  readonly staticValues: ReadonlyMap<string, number> | undefined;
  /**
   * index: enters the table. plain: does not, for hardly any value comes twice and it would push out others. never: must not
   * enter a table on any hop, for it could be guessed byte by byte from the length of what is sent (RFC 7541 §7.1).
   */
  readonly indexing: 'index' | 'plain' | 'never';
};

/** Looks names up by their spelling. */
export type FieldNames = (spelling: string) => FieldName;

/** A flood of names that nobody uses twice stops here. */
const maxSpellings = 1024;

const plain: ReadonlySet<string> = new Set([
  ...[
    ':path',
    'age',
    'content-length',
    'content-range',
    'etag',
    'if-modified-since',
    'if-none-match',
    'if-range',
  ],
  ...[
    'last-modified',
    'location',
    'range',
    'x-request-id',
    'x-correlation-id',
    'traceparent',
    'grpc-timeout',
  ],
]);
const never: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'set-cookie']);

/** Makes an empty book. */
export function createFieldNames(): FieldNames {
  const bySpelling = new Map<string, FieldName>();
  return (spelling) => {
    const known = bySpelling.get(spelling);
    if (known !== undefined) return known;
    const found = toFieldName(spelling.toLowerCase());
    if (bySpelling.size < maxSpellings) bySpelling.set(spelling, found);
    return found;
  };
}

function toFieldName(name: string): FieldName {
  let staticIndex = 0;
  const values = new Map<string, number>();
  for (let index = lastStaticIndex; index > 0; index--) {
    const entry = staticTable[index];
    if (entry?.name !== name) continue;
    staticIndex = index;
    // An empty value there only says that there is none.
    if (entry.value !== '') values.set(entry.value, index);
  }
  const staticValues = values.size > 0 ? values : undefined;
  const indexing = never.has(name) ? 'never' : plain.has(name) ? 'plain' : 'index';
  return { name, staticIndex, staticValues, indexing };
}
