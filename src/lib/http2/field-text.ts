// Which text may stand in a field (RFC 9113 §8.2.1, RFC 9110 §5.5, §5.6.2). Pure.

const inName = 1;
const inValue = 2;
const kinds = new Uint8Array(256);

for (let code = 0x20; code < 256; code++) if (code !== 0x7f) kinds[code] = inValue;
kinds[0x09] = inValue;
for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
  kinds[character.charCodeAt(0)] = inName | inValue;
}

/** A token in lower case, or one that begins with a colon: a pseudo-field. */
export function isFieldName(text: string): boolean {
  const from = text.charCodeAt(0) === 58 /* : */ ? 1 : 0;
  if (text.length === from) return false;
  for (let at = from; at < text.length; at++) {
    if (((kinds[text.charCodeAt(at)] as number) & inName) === 0) return false;
  }
  return true;
}

/**
 * No control character (CR and LF would begin another field in HTTP/1.1, NUL ends texts in C), none beyond latin1, and no
 * blank at either end.
 */
export function isFieldValue(text: string): boolean {
  const { length } = text;
  if (length === 0) return true;
  for (let at = 0; at < length; at++) if (((kinds[text.charCodeAt(at)] ?? 0) & inValue) === 0) return false;
  return !isBlank(text.charCodeAt(0)) && !isBlank(text.charCodeAt(length - 1));
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
