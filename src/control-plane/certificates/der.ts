// The few forms of DER (X.690) that a certificate is made of. Pure.

const tags = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element: tag, length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

/** SEQUENCE of finished elements. */
export const sequence = (...content: readonly Uint8Array[]): Buffer => element(tags.sequence, ...content);
/** SET of finished elements. */
export const set = (...content: readonly Uint8Array[]): Buffer => element(tags.set, ...content);
/** INTEGER of big-endian bytes; the first bit is the sign. */
export const integer = (bytes: Uint8Array): Buffer => element(tags.integer, bytes);
/** BIT STRING; `unused` bits at its end do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer =>
  element(tags.bits, Buffer.from([unused]), bytes);
/** OCTET STRING. */
export const octets = (bytes: Uint8Array): Buffer => element(tags.octets, bytes);
/** UTF8String. */
export const utf8 = (text: string): Buffer => element(tags.utf8, Buffer.from(text, 'utf8'));
/** BOOLEAN TRUE. */
export const yes = Buffer.from([0x01, 0x01, 0xff]);

/** OBJECT IDENTIFIER in dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime up to 2049, from then on GeneralizedTime (RFC 5280 §4.1.2.5). */
export function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(text.slice(2), 'latin1'))
    : element(0x18, Buffer.from(text, 'latin1'));
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

function base128(part: number): readonly number[] {
  const bytes = [part % 128];
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(0x80 + (rest % 128));
  }
  return bytes;
}
