// Reads one cookie of a request. As Go does it (net/http, readCookies), so that clients of Traefik are understood alike.
import type { ReadonlyFields } from '../../lib/header-fields.ts';

/** The first cookie of that name, without quotes around its value; undefined if there is none. Looks at all Cookie fields. */
export function cookieOf(fields: ReadonlyFields, name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) {
    const field = fields[at] ?? '';
    if (field.length !== 6 || field.toLowerCase() !== 'cookie') continue;
    const value = cookieIn(fields[at + 1] ?? '', name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function cookieIn(line: string, name: string): string | undefined {
  for (let from = 0; from < line.length; ) {
    const semicolon = line.indexOf(';', from);
    const end = semicolon < 0 ? line.length : semicolon;
    while (line.charCodeAt(from) === 32 || line.charCodeAt(from) === 9) from += 1;
    if (line.startsWith(name, from) && line.charCodeAt(from + name.length) === 61 /* = */) {
      return unquoted(line.slice(from + name.length + 1, end).trim());
    }
    from = end + 1;
  }
  return undefined;
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
