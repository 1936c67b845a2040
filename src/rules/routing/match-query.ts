// Looks for a key in a raw query by the rules of Go's url.ParseQuery, without building a map: a query is read only by
// routers that ask for it, and usually for one key.

/**
 * Whether a value of the key satisfies the test, which gets decoded values. As in Go, a pair with a semicolon or a
 * bad escape is skipped, and `+` is a space.
 */
export function someQueryValue(rawQuery: string, key: string, test: (value: string) => boolean): boolean {
  let from = 0;
  while (from < rawQuery.length) {
    const ampersand = rawQuery.indexOf('&', from);
    const end = ampersand < 0 ? rawQuery.length : ampersand;
    if (pairSatisfies(rawQuery, from, end, key, test)) return true;
    from = end + 1;
  }
  return false;
}

function pairSatisfies(
  rawQuery: string,
  from: number,
  end: number,
  key: string,
  test: (value: string) => boolean,
): boolean {
  if (from === end) return false;
  const pair = rawQuery.slice(from, end);
  if (pair.includes(';')) return false;
  const equals = pair.indexOf('=');
  const name = decode(equals < 0 ? pair : pair.slice(0, equals));
  if (name !== key) return false;
  const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
  return value !== undefined && test(value);
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
