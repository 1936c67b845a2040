// The head of a response from its bytes (RFC 9112 §4), and how its body ends (§6.3). Pure. What is ambiguous is refused.
import { type Fields, listMembers } from '../../../lib/header-fields.ts';
import type { WireHead } from '../../live-state/upstream.ts';
import { isPlainlyFramed, isValue, readFieldLines } from './field-lines.ts';

/** What the first lines of a response say; all fields, in order. */
export type ResponseHead = WireHead & {
  /** Whether the connection may carry another request after this response. */
  readonly keepsAlive: boolean;
};

/** Reads it; `end` is where the empty line begins, and what is behind that does not matter. Undefined when it is not valid or says in two ways where it ends. */
export function parseResponseHead(
  text: string,
  end: number,
  isHeadRequest: boolean,
): ResponseHead | undefined {
  if (!text.startsWith('HTTP/1.')) return undefined;
  const minor = text.charCodeAt(7) - 48;
  if (minor !== 1 && minor !== 0) return undefined;
  const status = readStatus(text);
  const lineEnd = text.indexOf('\r\n');
  // The reason may be absent with its space; nobody reads it.
  if (status < 100 || lineEnd < 12 || !isReason(text, lineEnd)) return undefined;
  const fields: Fields = [];
  if (!readFieldLines(text, lineEnd + 2, end + 2, isValue, fields)) return undefined;

  let length = -1;
  let isChunked = false;
  let closes = false;
  let keepsAlive = minor === 1;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    // By length first: a comparison of names costs more than one of numbers.
    switch (name.length) {
      case 10:
        if (name.toLowerCase() === 'connection') {
          const value = (fields[at + 1] as string).toLowerCase();
          // Whoever says both closes.
          closes ||= value.includes('close');
          keepsAlive ||= listMembers(value).includes('keep-alive');
        }
        break;
      case 14:
        if (name.toLowerCase() === 'content-length') {
          if (length >= 0) return undefined;
          length = readLength(fields[at + 1] as string);
          if (length < 0) return undefined;
        }
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') {
          if (isChunked || (fields[at + 1] as string).toLowerCase() !== 'chunked') return undefined;
          isChunked = true;
        }
        break;
    }
  }
  if ((isChunked && length >= 0) || !isPlainlyFramed(text.slice(0, end + 2))) return undefined;
  const framing = framingOf(status, isHeadRequest, isChunked, length);
  keepsAlive &&= !closes && framing !== 'close';
  return { status, fields, framing, length, keepsAlive, repeats: false, passed: undefined };
}

function framingOf(
  status: number,
  isHeadRequest: boolean,
  isChunked: boolean,
  length: number,
): WireHead['framing'] {
  // RFC 9112 §6.3: whatever they say of a length, these have no body.
  if (isHeadRequest || status < 200 || status === 204 || status === 304) return 'none';
  if (isChunked) return 'chunked';
  if (length >= 0) return length === 0 ? 'none' : 'length';
  return 'close';
}

/** Three digits after `HTTP/1.x `; -1 for anything else. */
function readStatus(text: string): number {
  if (text.charCodeAt(8) !== 32) return -1;
  let status = 0;
  for (let at = 9; at < 12; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    status = status * 10 + digit;
  }
  return status;
}

function isReason(text: string, lineEnd: number): boolean {
  if (lineEnd === 12) return true;
  if (text.charCodeAt(12) !== 32) return false;
  for (let at = 13; at < lineEnd; at++) if (isValue[text.charCodeAt(at)] !== 1) return false;
  return true;
}

/** Digits alone (RFC 9110 §8.6), within what a number can hold exactly; -1 for anything else. */
export function readLength(value: string): number {
  if (value.length === 0 || value.length > 15) return -1;
  let length = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    length = length * 10 + digit;
  }
  return length;
}
