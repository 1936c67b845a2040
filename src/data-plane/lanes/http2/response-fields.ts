// Fields of an answer as they go to a client of HTTP/2.
import { forwardableResponseFields } from '../../../lib/forwardable-fields.ts';
import { type Fields, fieldOf, type ReadonlyFields, removeField } from '../../../lib/header-fields.ts';
import type { IncomingExchange } from '../../exchange/read-request.ts';
import { rewriteOutside } from '../../exchange/rewrite-response.ts';

/** The fields of a replica's answer as the client gets them. */
export function toClientFields(
  exchange: IncomingExchange,
  status: number,
  upstreamFields: ReadonlyFields,
): Fields {
  const fields = forwardableResponseFields(upstreamFields, exchange.takesTrailers);
  // RFC 9110 §8.6: not with 204.
  if (status === 204) removeField(fields, 'content-length');
  rewriteOutside(exchange, fields);
  return fields;
}

/** The fields of a head. Names may be spelled as they like: they are written in lower case. */
export function toHeaderBlock(status: number, fields: ReadonlyFields): Fields {
  return [':status', String(status), ...fields];
}

/** Whether a status can be that of an answer which ends the request (RFC 9110 §15). */
export function isFinalStatus(status: number): boolean {
  return status >= 200 && status <= 599;
}

/**
 * Whether no value ends a field for others, and all of them are bytes. Replicas cannot send such values, but a middleware
 * can be configured to.
 */
export function areWritable(fields: ReadonlyFields): boolean {
  for (let at = 1; at < fields.length; at += 2) {
    const value = fields[at] ?? '';
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code === 0 || code === 10 || code === 13 || code > 255) return false;
    }
  }
  return true;
}

/** Whether an answer with this status to this method has a body (RFC 9110 §6.4.1). */
export function mayHaveBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 205 && status !== 304;
}

/** Bytes of the body by Content-Length; -1 without one. */
export function lengthOf(fields: ReadonlyFields): number {
  const length = fieldOf(fields, 'content-length');
  return length === undefined ? -1 : Number(length);
}
