// Times of log lines. A busy gateway writes thousands in one second, which differ in their last digits only.

let second = Number.NaN;
let prefix = '';

/** Milliseconds since the epoch as ISO 8601 in UTC, such as 2026-01-02T03:04:05.006Z. */
export function isoTime(ms: number): string {
  const rest = ms % 1000;
  if (ms - rest !== second) {
    second = ms - rest;
    prefix = new Date(second).toISOString().slice(0, 20);
  }
  return `${prefix}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
}
