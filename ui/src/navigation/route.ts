// Pure: addresses inside the page. They live in the hash, so the server needs no fallback and any basePath works.

/** Where the page is: `#/routers/web%40docker?q=x` is path ['routers', 'web@docker'] and query q=x. */
export type Route = { readonly path: readonly string[]; readonly query: URLSearchParams };

/** Reads `location.hash`. Never throws: an escape that is none stays as typed. */
export function parseHash(hash: string): Route {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#?\/?/, ''), '?');
  return { path: path.split('/').map(decode), query: new URLSearchParams(query) };
}

/** The link to a place. Empty query values are left out. */
export function toHref(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== '');
  const search = set.length > 0 ? `?${new URLSearchParams(set)}` : '';
  return `#/${path.map(encodeURIComponent).join('/')}${search}`;
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
