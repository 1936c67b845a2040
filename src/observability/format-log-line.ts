// The `common` log format: one pino line as text for people, in the manner of Traefik's console writer.
// Pure. Nothing in a line is trusted: every value that is not plain is printed as JSON.
import { escapeLine } from './escape-line.ts';

const shortLevels: ReadonlyMap<string, string> = new Map([
  ['trace', 'TRC'],
  ['debug', 'DBG'],
  ['info', 'INF'],
  ['warn', 'WRN'],
  ['error', 'ERR'],
  ['fatal', 'FTL'],
]);

/** `2026-11-21T10:29:41.000Z INF Message key=value`. A line that is no JSON object is passed on escaped. */
export function formatLogLine(line: string): string {
  const entry = parseObject(line);
  if (entry === undefined) return `${escapeLine(JSON.stringify(line.trimEnd()))}\n`;
  const { time, level, message, err, ...rest } = entry;
  const parts = [
    typeof time === 'string' ? plain(time) : '-',
    shortLevels.get(String(level)) ?? '???',
    typeof message === 'string' ? sentence(message) : '-',
    ...Object.entries(rest).map(([key, value]) => `${plain(key)}=${plain(value)}`),
  ];
  return `${parts.join(' ')}${formatError(err)}\n`;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function plain(value: unknown): string {
  if (typeof value === 'string' && /^[\w.,:;/@+()[\]<>*#-]+$/.test(value)) return value;
  return escapeLine(JSON.stringify(value) ?? 'null');
}

/** A message without its quotes; control characters stay escaped. */
function sentence(message: string): string {
  return escapeLine(JSON.stringify(message)).slice(1, -1).replaceAll('\\"', '"');
}

/** The stack on lines of its own, indented, so that no line of it can pass for an entry. */
function formatError(err: unknown): string {
  if (typeof err !== 'object' || err === null) return '';
  const { message, stack } = err as { message?: unknown; stack?: unknown };
  const text = typeof stack === 'string' ? stack : String(message);
  return text
    .split('\n')
    .map((line) => `\n    ${sentence(line.trim())}`)
    .join('');
}
