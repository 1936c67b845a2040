// The static table of HPACK (RFC 7541 Appendix A). Pure.

/** One field, and what it counts in a table or in a list (RFC 7541 §4.1). */
export type HpackEntry = {
  readonly name: string;
  readonly value: string;
  readonly bytes: number;
  /** It has no place in a message (RFC 9113 §8.2.1). */
  readonly isMalformed: boolean;
};

/** What a field counts besides its text (RFC 7541 §4.1). */
export const entryOverheadBytes = 32;

/** Makes an entry. */
export function toEntry(name: string, value: string, isMalformed: boolean): HpackEntry {
  return { name, value, bytes: name.length + value.length + entryOverheadBytes, isMalformed };
}

const fields: readonly string[] = [
  ...[':authority', '', ':method', 'GET', ':method', 'POST', ':path', '/', ':path', '/index.html'],
  ...[':scheme', 'http', ':scheme', 'https', ':status', '200', ':status', '204', ':status', '206'],
  ...[':status', '304', ':status', '400', ':status', '404', ':status', '500', 'accept-charset', ''],
  ...['accept-encoding', 'gzip, deflate', 'accept-language', '', 'accept-ranges', '', 'accept', ''],
  ...['access-control-allow-origin', '', 'age', '', 'allow', '', 'authorization', '', 'cache-control', ''],
  ...['content-disposition', '', 'content-encoding', '', 'content-language', '', 'content-length', ''],
  ...['content-location', '', 'content-range', '', 'content-type', '', 'cookie', '', 'date', '', 'etag', ''],
  ...['expect', '', 'expires', '', 'from', '', 'host', '', 'if-match', '', 'if-modified-since', ''],
  ...['if-none-match', '', 'if-range', '', 'if-unmodified-since', '', 'last-modified', '', 'link', ''],
  ...['location', '', 'max-forwards', '', 'proxy-authenticate', '', 'proxy-authorization', '', 'range', ''],
  ...['referer', '', 'refresh', '', 'retry-after', '', 'server', '', 'set-cookie', ''],
  ...['strict-transport-security', '', 'transfer-encoding', '', 'user-agent', '', 'vary', '', 'via', ''],
  ...['www-authenticate', ''],
];

/** By index, which begins at 1; the first place is empty. */
export const staticTable: readonly (HpackEntry | undefined)[] = [
  undefined,
  ...Array.from({ length: fields.length / 2 }, (_, at) =>
    toEntry(fields[2 * at] ?? '', fields[2 * at + 1] ?? '', false),
  ),
];

/** The highest index; the dynamic table begins behind it (RFC 7541 §2.3.3). */
export const lastStaticIndex = staticTable.length - 1;
