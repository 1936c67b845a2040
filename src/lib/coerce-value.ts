// Turns the text of one field into its value, by Traefik's rules for that kind of field.
import type { DecodeOptions } from './decode-fault.ts';
import { parseDurationMs } from './duration.ts';
import type { FieldInfo } from './field-tree.ts';
import { parseGoBool, parseHumanBool } from './go-bool.ts';
import { nearestName } from './nearest.ts';

/** A value, or what is wrong with its text. */
export type Coerced =
  /** `value` undefined: the field counts as absent. */
  | { readonly ok: true; readonly value: unknown }
  /** `meant`: the value that was surely meant. */
  | { readonly ok: false; readonly message: string; readonly hint?: string; readonly meant?: string };

/** Messages show at most this much of a value: a label may hold a megabyte. */
const maxShown = 60;
const maxInt64 = 2n ** 63n - 1n;

/** The value of a leaf field. The message of a fault never shows the value of a secret field. */
export function coerceValue(text: string, info: FieldInfo, mode: DecodeOptions['mode']): Coerced {
  switch (info.kind) {
    case 'flag':
      return coerceFlag(text, info, mode);
    case 'integer':
    case 'bytes':
      return coerceInteger(text, info);
    case 'number':
      return coerceNumber(text, info);
    case 'duration':
      return coerceDuration(text, info);
    case 'text-list':
      return coerceList(text, info, mode);
    default:
      return coerceWord(text, info);
  }
}

/** The value for people: quoted, cut, and hidden where the field is secret. */
export function showValue(text: string, info: FieldInfo): string {
  if (info.secret === true) return 'the value';
  return JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}…` : text);
}

/** The items of a comma-separated list, trimmed; empty ones are kept as Traefik keeps them. */
export function splitList(text: string): string[] {
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function coerceFlag(text: string, info: FieldInfo, mode: DecodeOptions['mode']): Coerced {
  const value = mode === 'traefik' ? parseGoBool(text) : parseHumanBool(text);
  if (value !== undefined) return { ok: true, value };
  const meant = parseHumanBool(text);
  const message = `${capitalised(showValue(text, info))} is not a boolean.`;
  if (meant === undefined) return { ok: false, message, hint: 'Write true or false.' };
  return { ok: false, message, hint: `Write ${meant}.`, meant: String(meant) };
}

function coerceInteger(text: string, info: FieldInfo): Coerced {
  if (/^[+-]?\d{1,19}$/.test(text)) {
    const exact = BigInt(text.replace('+', ''));
    if (exact <= maxInt64 && exact >= -maxInt64 - 1n) return { ok: true, value: Number(text) };
  }
  const bare = text.trim().replace(/\.0+$/, '');
  const message = `${capitalised(showValue(text, info))} is not an integer.`;
  if (!/^[+-]?\d{1,15}$/.test(bare) || info.secret === true) return { ok: false, message };
  return { ok: false, message, hint: `Write ${bare}.`, meant: bare };
}

function coerceNumber(text: string, info: FieldInfo): Coerced {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))) {
    return { ok: true, value: Number(text) };
  }
  return { ok: false, message: `${capitalised(showValue(text, info))} is not a number.` };
}

function coerceDuration(text: string, info: FieldInfo): Coerced {
  const value = parseDurationMs(text);
  if (value !== undefined) return { ok: true, value };
  const hint = 'Write seconds as an integer, or a length of time such as 10s, 500ms or 1m30s.';
  return { ok: false, message: `${capitalised(showValue(text, info))} is not a duration.`, hint };
}

function coerceList(text: string, info: FieldInfo, mode: DecodeOptions['mode']): Coerced {
  const items = splitList(text);
  const kept = mode === 'traefik' ? items : items.filter((item) => item !== '');
  // Traefik leaves the field nil for an empty value, so that its default applies.
  if (kept.length === 0) return { ok: true, value: undefined };
  const words: unknown[] = [];
  for (const item of kept) {
    const word = coerceWord(item, info);
    // What was meant is one item of the list, so it repairs nothing by itself.
    if (!word.ok) return kept.length === 1 ? word : withoutMeant(word);
    words.push(word.value);
  }
  return { ok: true, value: words };
}

function coerceWord(text: string, info: FieldInfo): Coerced {
  if (info.oneOf === undefined) return { ok: true, value: text };
  const word = info.oneOf.find((known) => known.toLowerCase() === text.toLowerCase());
  if (word !== undefined) return { ok: true, value: word };
  // An empty word leaves the field at its default, as Go's zero value does.
  if (text === '') return { ok: true, value: undefined };
  const near = nearestName(text, info.oneOf);
  const message = `${capitalised(showValue(text, info))} is not a known value here.`;
  if (near === undefined) return { ok: false, message, hint: `Write one of ${info.oneOf.join(', ')}.` };
  return { ok: false, message, hint: `Did you mean ${near}?`, meant: near };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withoutMeant({ ok, message, hint }: Extract<Coerced, { ok: false }>): Coerced {
  return { ok, message, ...(hint === undefined ? {} : { hint }) };
}
