// Turns the inside of a Go string literal into its value, as strconv.Unquote does for Traefik's rules and templates.
// Source: The Go Programming Language Specification, "String literals".

/** The value, or why there is none: one sentence, and where it lies. */
export type Unquoted =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  '"': 34,
};

/** The value of a raw literal: Go drops carriage returns, and knows no escapes. */
export function unquoteRaw(inside: string): string {
  return inside.replaceAll('\r', '');
}

/** The value of a literal in double quotes, given without them. Offsets count from the first character inside. */
export function unquoteInterpreted(inside: string): Unquoted {
  if (!inside.includes('\\')) return { ok: true, value: inside };
  const parts: Buffer[] = [];
  let at = 0;
  while (at < inside.length) {
    const backslash = inside.indexOf('\\', at);
    if (backslash !== at) {
      parts.push(Buffer.from(inside.slice(at, backslash < 0 ? undefined : backslash)));
      if (backslash < 0) break;
    }
    const sequence = readEscape(inside, backslash);
    if (sequence === undefined) {
      return {
        ok: false,
        message: `"\\${inside[backslash + 1] ?? ''}" is not an escape sequence.`,
        offset: backslash,
      };
    }
    parts.push(sequence.bytes);
    at = sequence.end;
  }
  try {
    // Go's \x and octal escapes name bytes, which together have to make UTF-8 here because requests are text.
    return {
      ok: true,
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts)),
    };
  } catch {
    return { ok: false, message: 'The escaped bytes are not UTF-8.', offset: 0 };
  }
}

function readEscape(text: string, start: number): { bytes: Buffer; end: number } | undefined {
  const letter = text[start + 1] ?? '';
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { bytes: Buffer.from([simple]), end: start + 2 };
  if (letter === 'x') return readNumber(text, start + 2, 2, 16, (value) => Buffer.from([value]));
  if (letter === 'u') return readNumber(text, start + 2, 4, 16, encodeRune);
  if (letter === 'U') return readNumber(text, start + 2, 8, 16, encodeRune);
  return readNumber(text, start + 1, 3, 8, (value) => (value > 255 ? undefined : Buffer.from([value])));
}

function readNumber(
  text: string,
  start: number,
  length: number,
  base: 8 | 16,
  encode: (value: number) => Buffer | undefined,
): { bytes: Buffer; end: number } | undefined {
  const digits = text.slice(start, start + length);
  const legal = base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/;
  if (digits.length !== length || !legal.test(digits)) return undefined;
  const bytes = encode(Number.parseInt(digits, base));
  return bytes && { bytes, end: start + length };
}

function encodeRune(value: number): Buffer | undefined {
  // Surrogate halves and numbers beyond Unicode are no runes (Go specification, "Rune literals").
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
  return Buffer.from(String.fromCodePoint(value));
}
