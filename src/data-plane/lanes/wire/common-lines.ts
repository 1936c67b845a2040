// Lines that many heads have in common, made once.
import { STATUS_CODES } from 'node:http';

/** Status lines are made once. */
const statusLines = new Map<number, string>();
for (const [status, reason] of Object.entries(STATUS_CODES)) {
  statusLines.set(Number(status), `HTTP/1.1 ${status} ${reason}\r\n`);
}

/** With its line end; a reason that nobody has named is unknown, as Node says it. */
export function statusLine(status: number): string {
  return statusLines.get(status) ?? `HTTP/1.1 ${status} unknown\r\n`;
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
