// The gateway's own log: pino, one JSON object a line with level, time and message (the keys of Traefik's log), or
// text for people. Lines are written at once, so that the last one before a crash is not lost.
import {
  type DestinationStream,
  destination,
  type Logger,
  type LoggerOptions,
  pino,
  stdTimeFunctions,
} from 'pino';
import type { LogOptions } from '../model/startup.ts';
import { escapeLine } from './escape-line.ts';
import { formatLogLine } from './format-log-line.ts';

export type { Logger } from 'pino';

/** Standard output by number: in a worker thread process.stdout is a stream to the main thread, and slow. */
const standardOutput = 1;

/**
 * Keys whose values never reach a log, wherever they stand up to two levels deep: credentials of clients, of the
 * Engine and of middlewares.
 */
const secretKeys = [
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  '["proxy-authorization"]',
  '["set-cookie"]',
  'password',
  'users',
  'customRequestHeaders',
  'customResponseHeaders',
];

const redactedPaths = secretKeys.flatMap((key) => {
  const child = key.startsWith('[') ? key : `.${key}`;
  return [key, `*${child}`, `*.*${child}`];
});

/**
 * A logger for the whole process or thread; `bindings` stand on every line (`{ worker: 1 }`). `target` replaces
 * standard output and file, for tests.
 */
export function createLogger(
  options: LogOptions,
  bindings: Readonly<Record<string, unknown>> = {},
  target: DestinationStream = openTarget(options.filePath),
): Logger {
  const settings: LoggerOptions = {
    level: options.level,
    base: { ...bindings },
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redactedPaths, censor: '<redacted>' },
    hooks: { streamWrite: escapeLine },
  };
  if (options.format === 'json') return pino(settings, target);
  return pino(settings, { write: (line) => target.write(formatLogLine(line)) });
}

function openTarget(filePath: string): DestinationStream {
  return destination({
    dest: filePath === '' ? standardOutput : filePath,
    sync: true,
    mkdir: filePath !== '',
  });
}
