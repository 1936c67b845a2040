// What RFC 9113 §8 asks of the fields of a message, besides their text. Pure.
import type { ReadonlyFields } from '../header-fields.ts';

/** RFC 9113 §8.2.2: they speak of a connection of HTTP/1.1. Forwarded, they would frame a request once more (H2.TE smuggling). */
const forbidden: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'],
]);

/** A request's head that is well formed: how long its body says it is, -1 where it does not say. */
export type RequestShape = { readonly length: number };

/**
 * Undefined for a head that is malformed (RFC 9113 §8.1.1). What has been looked at before, names in lower case and values
 * without control characters, is not looked at again.
 */
export function shapeOfRequest(fields: ReadonlyFields): RequestShape | undefined {
  let method: string | undefined;
  let scheme: string | undefined;
  let path: string | undefined;
  let authority: string | undefined;
  let protocol: string | undefined;
  let length = -1;
  let at = 0;
  for (; (fields[at] ?? '').charCodeAt(0) === 58 /* : */; at += 2) {
    const value = fields[at + 1] ?? '';
    switch (fields[at]) {
      case ':method':
        if (method !== undefined) return undefined;
        method = value;
        break;
      case ':scheme':
        if (scheme !== undefined) return undefined;
        scheme = value;
        break;
      case ':path':
        if (path !== undefined) return undefined;
        path = value;
        break;
      case ':authority':
        // RFC 9113 §8.3.1: no user information; a blank would end the target of HTTP/1.1.
        if (authority !== undefined || /[@\s]/.test(value)) return undefined;
        authority = value;
        break;
      case ':protocol':
        if (protocol !== undefined) return undefined;
        protocol = value;
        break;
      default:
        return undefined;
    }
  }
  for (; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const value = fields[at + 1] ?? '';
    // Pseudo-fields stand in front of all others (RFC 9113 §8.3).
    if (name.charCodeAt(0) === 58 || forbidden.has(name)) return undefined;
    if (name === 'te' && value.toLowerCase() !== 'trailers') return undefined;
    if (name === 'content-length') {
      if (length >= 0) return undefined;
      length = lengthOf(value);
      if (length < 0) return undefined;
    }
  }
  if (method === undefined || method === '') return undefined;
  if (method === 'CONNECT' && protocol === undefined) {
    return scheme === undefined && path === undefined && authority !== undefined ? { length } : undefined;
  }
  // RFC 8441 §4: only CONNECT is extended, and then it has all of them.
  if (protocol !== undefined && method !== 'CONNECT') return undefined;
  return scheme !== undefined && isPath(path, method, scheme) ? { length } : undefined;
}

/** Whether a list can be trailers: no pseudo-fields, nothing of a connection (RFC 9113 §8.1). */
export function areTrailers(fields: ReadonlyFields): boolean {
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name.charCodeAt(0) === 58 || forbidden.has(name)) return false;
  }
  return true;
}

/** The status of an answer, and its length; undefined where it is malformed. */
export function shapeOfAnswer(
  fields: ReadonlyFields,
): (RequestShape & { readonly status: number }) | undefined {
  const status = fields[1] ?? '';
  if (fields[0] !== ':status' || !/^[1-9]\d\d$/.test(status)) return undefined;
  let length = -1;
  for (let at = 2; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name.charCodeAt(0) === 58 || forbidden.has(name)) return undefined;
    if (name !== 'content-length') continue;
    if (length >= 0) return undefined;
    length = lengthOf(fields[at + 1] ?? '');
    if (length < 0) return undefined;
  }
  return { status: Number(status), length };
}

/** RFC 9113 §8.3.1: never empty, and a path where the scheme is one of HTTP; `*` is for OPTIONS. */
function isPath(path: string | undefined, method: string, scheme: string): boolean {
  if (path === undefined || path === '') return false;
  if (path.charCodeAt(0) === 47 /* / */) return true;
  if (path === '*') return method === 'OPTIONS';
  return scheme !== 'http' && scheme !== 'https';
}

/** Digits only; -1 for anything else. */
function lengthOf(value: string): number {
  return /^\d{1,15}$/.test(value) ? Number(value) : -1;
}
