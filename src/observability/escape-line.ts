// Makes a line of JSON safe to print on a terminal. JSON escapes U+0000–U+001F only; what remains are the C1 controls
// (U+009B starts an escape sequence on some terminals), the line separators that split lines in some viewers, and the
// marks that turn the direction of text ("Trojan Source", CVE-2021-42574).

const unsafe = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const unsafeAll = new RegExp(unsafe, 'g');

/** The same JSON value with every character that could act on a terminal written as \uXXXX. */
export function escapeLine(json: string): string {
  if (!unsafe.test(json)) return json;
  return json.replace(
    unsafeAll,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
