// Header fields from their bytes (RFC 9112 §5), in the plain form that no two servers read differently. Used for heads of
// requests and responses and for trailers. Text is latin1: one character for each byte.
import type { Fields } from '../../../lib/header-fields.ts';

const cr = 13;
const lf = 10;
const space = 32;
const tab = 9;
const colon = 58;

/** 1: a character of a token (RFC 9110 §5.6.2). */
export const isToken = new Uint8Array(256);
for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  isToken[character.charCodeAt(0)] = 1;
}

/** 1: may stand in a field's value: visible ASCII, space, tab. */
export const isPlainValue = new Uint8Array(256).fill(1, space, 127);
isPlainValue[tab] = 1;

/** The same and bytes above ASCII (obs-text, RFC 9110 §5.5), which servers do send. */
export const isValue = new Uint8Array(256).fill(1, space, 127).fill(1, 128);
isValue[tab] = 1;

/**
 * Reads lines from `from` until the empty line that begins at `end`, into `fields`. False when one is not plain: a folded
 * line, a space before the colon, a control character, a line end other than CRLF. `allowed` says what values may hold.
 */
export function readFieldLines(
  text: string,
  from: number,
  end: number,
  allowed: Uint8Array,
  fields: Fields,
): boolean {
  let at = from;
  while (at < end) {
    const nameStart = at;
    let code = text.charCodeAt(at);
    while (isToken[code] === 1) code = text.charCodeAt(++at);
    if (code !== colon || at === nameStart) return false;
    const name = text.slice(nameStart, at);
    code = text.charCodeAt(++at);
    while (code === space || code === tab) code = text.charCodeAt(++at);
    const valueStart = at;
    while (allowed[code] === 1) code = text.charCodeAt(++at);
    if (code !== cr || text.charCodeAt(at + 1) !== lf) return false;
    let valueEnd = at;
    while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd -= 1;
    fields.push(name, text.slice(valueStart, valueEnd));
    at += 2;
  }
  return at === end;
}

const framingBeforeTab = /^(?:content-length|transfer-encoding):[^\r]*\t *\r$/im;

/**
 * Whether no tab stands behind the value of a field that frames the message. RFC 9112 §5.1 takes it off; llhttp does not,
 * and reads another length or coding then.
 */
export function isPlainlyFramed(text: string): boolean {
  return !text.includes('\t') || !framingBeforeTab.test(text);
}

/** Fields that say how a message is framed: behind the body they would say it anew (RFC 9110 §6.5.1). */
const framingFields: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** Reads the trailer section of a chunked body; undefined when it is not plain, or frames the message. */
export function readTrailers(trailer: string): Fields | undefined {
  const trailers: Fields = [];
  if (trailer === '') return trailers;
  if (!readFieldLines(trailer, 0, trailer.length, isValue, trailers)) return undefined;
  for (let at = 0; at < trailers.length; at += 2) {
    if (framingFields.has((trailers[at] ?? '').toLowerCase())) return undefined;
  }
  return trailers;
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
