// Fields of responses and trailers: what must not pass from an upstream to a client, with the reason of each group.
import { type Fields, listMembers, type ReadonlyFields } from './header-fields.ts';

/** Fields of an HTTP/1.1 connection (RFC 9110 §7.6.1, RFC 9113 §8.2.2): they pass no gateway, and HTTP/2 has none of them. */
export const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** What a response says to the gateway only. Transfer-Encoding and Trailer are made anew by whoever writes. */
const ofTheConnection: ReadonlySet<string> = new Set([...connectionFields, 'te', 'trailer']);

/**
 * Never removed though Connection names them: without a length the client would read the next answer as the rest of
 * this one.
 */
const kept: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'set-cookie',
  'date',
]);

/** The response's fields without those of its connection, which it may name itself (RFC 9110 §7.6.1). */
export function forwardableResponseFields(fields: ReadonlyFields, passTrailers: boolean): Fields {
  const forwarded: Fields = [];
  let named: readonly string[] | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const value = fields[at + 1] ?? '';
    const lower = name.toLowerCase();
    if (!ofTheConnection.has(lower) || (lower === 'trailer' && passTrailers)) forwarded.push(name, value);
    else if (lower === 'connection' && !namesNothing(value))
      named = named === undefined ? listMembers(value) : [...named, ...listMembers(value)];
  }
  const removable = named?.filter(
    (name) => !ofTheConnection.has(name) && !kept.has(name) && name !== 'close',
  );
  return removable === undefined || removable.length === 0 ? forwarded : without(forwarded, removable);
}

/** What nearly every server says of its connection. */
function namesNothing(value: string): boolean {
  return value === 'keep-alive' || value === 'close';
}

function without(fields: Fields, names: readonly string[]): Fields {
  const left: Fields = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (!names.includes(name.toLowerCase())) left.push(name, fields[at + 1] ?? '');
  }
  return left;
}

/**
 * RFC 9110 §6.5.1: fields that decide on framing, routing, authentication or the content's form must not come in a
 * trailer, where a recipient that merges them would change a message that it has already judged.
 */
const forbiddenTrailers: ReadonlySet<string> = new Set([
  ...ofTheConnection,
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'host',
  'authorization',
  'www-authenticate',
  'set-cookie',
  'cache-control',
  'expires',
  'date',
  'location',
  'retry-after',
  'vary',
]);

/** The trailers that may pass. */
export function forwardableTrailers(trailers: ReadonlyFields): Fields {
  const forwarded: Fields = [];
  for (let at = 0; at < trailers.length; at += 2) {
    const name = trailers[at] ?? '';
    if (!forbiddenTrailers.has(name.toLowerCase())) forwarded.push(name, trailers[at + 1] ?? '');
  }
  return forwarded;
}
