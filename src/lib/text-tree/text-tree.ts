// What a text of options holds, whatever its format.

/** A place in a text; both are counted from 1. */
export type TextPosition = { readonly line: number; readonly column: number };

/** Where a key stands. An entry of a list is part of its key's name: `servers[0]`. */
export type Mark = TextPosition & { readonly path: readonly string[] };

/** What a text holds, or its first syntax error. */
export type TextTree =
  | {
      readonly ok: true;
      /** An empty text is an empty table. */
      readonly value: unknown;
      /** In the order of the text. What an alias repeats has none. */
      readonly marks: readonly Mark[];
    }
  | ({
      readonly ok: false;
      /** One sentence. */
      readonly message: string;
    } & TextPosition);

/** A sentence out of the first line of a parser's message. */
export function toSentence(message: string): string {
  const line = message.split('\n')[0]?.trim() ?? '';
  return `${line.charAt(0).toUpperCase()}${line.slice(1).replace(/[.:]*$/, '')}.`;
}
