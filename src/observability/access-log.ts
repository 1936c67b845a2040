// The access log: one JSON object a line for each finished request, under the names of Traefik's JSON access log, plus
// RequestId, Replica and Fault. Lines are short enough to be written in one piece: several workers share the file.
import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pino, stdTimeFunctions } from 'pino';
import { toAuthority } from '../lib/authority.ts';
import type { AccessLogOptions } from '../model/startup.ts';
import { createLineWriter, type LineWriter } from './create-line-writer.ts';
import { escapeLine } from './escape-line.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** Where finished exchanges are written. */
export type AccessLog = {
  /** Takes one line; never throws and never waits. */
  readonly write: (record: ExchangeRecord) => void;
  /** Resolves once all lines taken so far have been handed to the operating system. */
  readonly flush: () => Promise<void>;
};

/** By number: in a worker thread process.stdout is a stream to the main thread, and slow. */
const standardOutput = 1;
/** Room for what clients choose, so that a line fits into one write to a pipe (4 KiB). */
const maxPathLength = 1024;
const maxTextLength = 256;

const nanosecondsPerMs = 1e6;

/**
 * Opens the file, or standard output if `filePath` is empty. `onError` hears why lines cannot be written (no permission,
 * disk full): that stops no request. `target` replaces file and standard output, for tests.
 */
export function createAccessLog(
  options: AccessLogOptions,
  onError: (error: Error) => void = () => {},
  target: LineWriter | undefined = openTarget(options.filePath, onError),
): AccessLog {
  if (target === undefined) return { write: () => {}, flush: async () => {} };
  const log = pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: escapeLine },
    },
    target,
  );
  return { write: (record) => log.info(toLine(record)), flush: target.flush };
}

function openTarget(filePath: string, onError: (error: Error) => void): LineWriter | undefined {
  try {
    return createLineWriter(filePath === '' ? standardOutput : openFile(filePath), onError);
  } catch (error) {
    onError(error as Error);
    return undefined;
  }
}

function openFile(filePath: string): number {
  mkdirSync(dirname(filePath), { recursive: true });
  return openSync(filePath, 'a');
}

/** Traefik's keys (pkg/middlewares/accesslog/logdata.go); durations are whole nanoseconds as there. */
function toLine(record: ExchangeRecord): Record<string, unknown> {
  return {
    StartUTC: new Date(record.startedAt).toISOString(),
    Duration: Math.round(record.durationMs * nanosecondsPerMs),
    ClientAddr: toAuthority(record.clientHost, record.clientPort),
    ClientHost: record.clientHost,
    RequestMethod: cut(record.method, maxTextLength),
    RequestPath: cut(record.path, maxPathLength),
    RequestHost: cut(record.host, maxTextLength),
    RequestProtocol: record.httpVersion,
    RequestScheme: record.scheme,
    RequestContentSize: record.requestBytes,
    DownstreamStatus: record.status,
    DownstreamContentSize: record.responseBytes,
    entryPointName: record.entryPoint,
    RouterName: cut(record.router, maxTextLength),
    ServiceName: cut(record.service, maxTextLength),
    ServiceURL: cut(record.replicaUrl, maxTextLength),
    Replica: cut(record.replica, maxTextLength),
    OriginStatus: record.upstreamStatus,
    OriginDuration:
      record.upstreamFirstByteMs === undefined
        ? undefined
        : Math.round(record.upstreamFirstByteMs * nanosecondsPerMs),
    RetryAttempts: record.retries,
    Fault: record.fault,
    RequestId: cut(record.requestId, maxTextLength),
    'request_User-Agent': cut(record.userAgent, maxTextLength),
  };
}

function cut(text: string | undefined, maxLength: number): string | undefined {
  return text === undefined || text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}
