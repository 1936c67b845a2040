// Heads as text, latin1: those of requests to replicas and those of answers to clients. Pure but for the clock.
import { STATUS_CODES } from 'node:http';
import type { ReadonlyFields } from '../../../lib/header-fields.ts';
import { isToken, isValue } from '../../upstream/wire/field-lines.ts';

/** Status lines are made once. */
const statusLines = new Map<number, string>();
for (const [status, reason] of Object.entries(STATUS_CODES)) {
  statusLines.set(Number(status), `HTTP/1.1 ${status} ${reason}\r\n`);
}

/** With its line end; a reason that nobody has named is unknown, as Node says it. */
export function statusLine(status: number): string {
  return statusLines.get(status) ?? `HTTP/1.1 ${status} unknown\r\n`;
}

/** Each with its line end. */
export function fieldLines(fields: ReadonlyFields): string {
  let lines = '';
  for (let at = 0; at < fields.length; at += 2) lines += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return lines;
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

let dateLine = '';
let dateLineUntil = 0;

/** RFC 9110 §6.6.1; made anew once a second. */
export function dateFieldLine(): string {
  const now = Date.now();
  if (now >= dateLineUntil) {
    dateLine = `Date: ${new Date(now).toUTCString()}\r\n`;
    dateLineUntil = now - (now % 1000) + 1000;
  }
  return dateLine;
}
