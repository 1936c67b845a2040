// Fields of an answer in the forms that node:http2 takes.
import type { OutgoingHttpHeaders } from 'node:http2';
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

/** A header block. Node writes the names in lower case. */
export function toHeaderBlock(status: number, fields: ReadonlyFields): string[] {
  return [':status', String(status), ...fields];
}

/** For trailers and interim answers, which Node takes as an object only. */
export function toHeaderObject(fields: Fields): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.create(null);
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase();
    const value = fields[at + 1] ?? '';
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else headers[name] = [String(before), value];
  }
  return headers;
}

/**
 * Whether no value ends a field for others. NUL is what Node joins names and values by, and nghttp2 checks nothing that
 * it writes. Replicas cannot send such values, but a middleware can be configured to.
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
