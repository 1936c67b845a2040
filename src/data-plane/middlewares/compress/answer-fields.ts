// What the fields of an answer say of its coding. Pure.
import {
  type Fields,
  fieldOf,
  joinedFieldOf,
  type ReadonlyFields,
  removeField,
  setField,
} from '../../../lib/header-fields.ts';

/** Bytes of the body by Content-Length; undefined without one. */
export function lengthOf(fields: ReadonlyFields): number | undefined {
  const length = fieldOf(fields, 'content-length');
  return length === undefined ? undefined : Number(length);
}

/** A copy that tells caches that the answer depends on what codings the client takes (RFC 9110 §12.5.5). */
export function withVary(fields: ReadonlyFields): Fields {
  const copy = [...fields];
  const before = joinedFieldOf(copy, 'vary');
  if (before === undefined || before === '') setField(copy, 'Vary', 'Accept-Encoding');
  else if (!/(?:^|,)\s*(?:accept-encoding|\*)\s*(?:,|$)/i.test(before)) {
    setField(copy, 'Vary', `${before}, Accept-Encoding`);
  }
  return copy;
}

/** Fields that speak of the bytes as the replica sent them: length, ranges of them, and their digests (RFC 9530). */
const ofTheBytes = [
  'content-length',
  'accept-ranges',
  'content-encoding',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
];

/** The fields of the coded answer. A strong validator speaks of other bytes (RFC 9110 §8.8.1): it becomes a weak one. */
export function toEncodedFields(fields: Fields, encoding: string): Fields {
  for (const name of ofTheBytes) removeField(fields, name);
  const etag = fieldOf(fields, 'etag');
  if (etag?.startsWith('"')) setField(fields, 'ETag', `W/${etag}`);
  fields.push('Content-Encoding', encoding);
  return fields;
}
