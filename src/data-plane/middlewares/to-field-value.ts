/**
 * Text as a header field's value: as bytes of UTF-8, as Traefik writes it, but control characters escaped: a line break would
 * begin a field of its author's own, and so would U+010A when only its lower byte is sent.
 */
export function toFieldValue(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, (odd) =>
    /[\x00-\x1f\x7f]/.test(odd) ? encodeURIComponent(odd) : Buffer.from(odd).toString('latin1'),
  );
}
