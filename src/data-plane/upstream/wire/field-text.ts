// Header fields as text, latin1. Pure.
import type { ReadonlyFields } from '../../../lib/header-fields.ts';
import { isToken, isValue } from './field-lines.ts';

/** Those from the place `from` on, or before `end`, each with its line end. */
export function fieldLines(fields: ReadonlyFields, from = 0, end = fields.length): string {
  let lines = '';
  for (let at = from; at < end; at += 2) lines += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return lines;
}

/** The same text in one piece of memory: what is put together of parts is put together anew for each write. */
export function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/**
 * Whether all of them may stand in a head. What was read from a socket has been checked; what middlewares wrote has not,
 * and a line break in it would be a second head.
 */
export function areLegal(fields: ReadonlyFields): boolean {
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (name === '' || !isMadeOf(name, isToken) || !isMadeOf(fields[at + 1] ?? '', isValue)) return false;
  }
  return true;
}

function isMadeOf(text: string, allowed: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) if (allowed[text.charCodeAt(at)] !== 1) return false;
  return true;
}
