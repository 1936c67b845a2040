// Prefixes are written by users as plain text, paths travel escaped: both sides are compared and joined escaped.

/** Escapes what a path may not hold (RFC 3986 §3.3); escapes that are there already stay. */
export function escapePath(path: string): string {
  return encodeURI(path)
    .replace(/%25(?=[0-9A-Fa-f]{2})/g, '%')
    .replace(/[?#]/g, (character) => (character === '?' ? '%3F' : '%23'));
}
