// JSON that stays harmless when a browser takes it for HTML or a script: names come from the labels of any container.

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** As JSON.stringify, with `<`, `>`, `&` and the line separators escaped. The value reads back the same. */
export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? '');
}
