// Which answers may be compressed at all. What an answer says of itself decides, whatever the client takes.
import { fieldOf, joinedFieldOf, type ReadonlyFields } from '../../../lib/header-fields.ts';
import { mediaTypeOf } from '../../../lib/media-type.ts';
import type { CompressOptions } from '../../../model/middlewares/compress.ts';

/** Whether the body of this answer may be compressed. `unknown`: it says no type, its first bytes have to tell. */
export type CompressionTest = (status: number, fields: ReadonlyFields) => boolean | 'unknown';

/** Speech is compressed already, and a coder would hold it back; so are events; gRPC frames its messages itself. */
const never = /^(?:audio\/|video\/|text\/event-stream$|application\/grpc)/;

/** Nearly all formats of pictures are compressed already; whoever serves SVG can include it by name. */
const notUnlessNamed = /^image\//;

/** Whether a type can never be compressed, also where it is named. */
export function isNeverCompressed(mediaType: string): boolean {
  return never.test(mediaType);
}

/** Media types that are compressed, as options say it. */
export function compileTypeTest({
  includedContentTypes = [],
  excludedContentTypes = [],
}: CompressOptions): (mediaType: string) => boolean {
  const included = new Set(includedContentTypes.map(mediaTypeOf));
  const excluded = new Set(excludedContentTypes.map(mediaTypeOf));
  return (mediaType) => {
    if (isNeverCompressed(mediaType)) return false;
    if (included.size > 0) return included.has(mediaType);
    return !excluded.has(mediaType) && !notUnlessNamed.test(mediaType);
  };
}

/** Compiles the options. */
export function compileCompressionTest(options: CompressOptions): CompressionTest {
  const takesType = compileTypeTest(options);
  return (status, fields) => {
    // RFC 9110 §14.4: a part of a body cannot be encoded by itself. The other ones have no body.
    if (status === 204 || status === 205 || status === 206 || status === 304) return false;
    if (fieldOf(fields, 'content-range') !== undefined) return false;
    const encoding = fieldOf(fields, 'content-encoding') ?? '';
    if (encoding !== '' && encoding.toLowerCase() !== 'identity') return false;
    // RFC 9111 §5.2.2.6.
    if (/(?:^|,)\s*no-transform\s*(?:,|$)/i.test(joinedFieldOf(fields, 'cache-control') ?? '')) return false;
    const contentType = fieldOf(fields, 'content-type') ?? '';
    if (contentType === '') return 'unknown';
    const mediaType = mediaTypeOf(contentType);
    return mediaType !== undefined && takesType(mediaType);
  };
}

/** How many bytes tell what a body is (WHATWG MIME Sniffing looks at as many as well). */
const sniffedBytes = 1445;

/** Whether a body of no type is text: no byte of it is one that only other formats have (MIME Sniffing §3). */
export function looksLikeText(start: Buffer): boolean {
  const end = Math.min(start.length, sniffedBytes);
  for (let at = 0; at < end; at++) {
    const byte = start[at] ?? 0;
    if (byte < 9 || byte === 11 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) return false;
  }
  return true;
}
