// The request target in its four forms (RFC 9112 §3.2) → authority, path and query. One reader for all lanes.
import { GatewayError } from '../../model/errors.ts';

/** A request target in its parts (RFC 9112 §3.2). */
export type RequestTarget = {
  /** As sent; not normalised yet. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
};

/** Longest target: above what uvicorn and most servers take, so that they need not refuse it. */
export const maxTargetLength = 32 * 1024;

/** The authority of an absolute-form target, which counts instead of the Host field (RFC 9112 §3.2.2). Not checked. */
export function authorityOf(target: string): string | undefined {
  if (target.charCodeAt(0) === 47 /* / */) return undefined;
  return /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
}

/** Splits a target. @throws GatewayError for forms that a reverse proxy does not serve. */
export function readTarget(target: string): RequestTarget {
  if (target.length > maxTargetLength) throw new GatewayError('target-too-long');
  if (target.charCodeAt(0) === 47 /* / */) return splitQuery(target, 0);
  // `*` is for the server itself, and what has no scheme is authority-form, which is for CONNECT.
  const authority = authorityOf(target);
  if (authority === undefined)
    throw new GatewayError('bad-request', { reason: 'The request target is not a path.' });
  // User information in front of the name is how one host is made to look like another (RFC 9110 §4.2.4).
  if (authority === '' || authority.includes('@')) throw new GatewayError('bad-host');
  return splitQuery(target, target.indexOf('//') + 2 + authority.length);
}

function splitQuery(target: string, from: number): RequestTarget {
  const mark = target.indexOf('?', from);
  if (mark < 0) return { path: target.slice(from) || '/', query: '' };
  const query = target.slice(mark);
  if (!isLegalQuery(query))
    throw new GatewayError('bad-request', { reason: 'The query holds an illegal character.' });
  return { path: target.slice(from, mark) || '/', query };
}

/** Spaces and control characters would end the request line for others, `#` the query (RFC 9112 §3.2). */
function isLegalQuery(query: string): boolean {
  for (let at = 0; at < query.length; at++) {
    const code = query.charCodeAt(at);
    if (code <= 32 || code === 35 || code === 127 || code > 255) return false;
  }
  return true;
}
