// The access log: one JSON object a line for each finished request, under the names of Traefik's JSON access log, plus
// RequestId, Replica and Fault. Lines are short enough to be written in one piece: several workers share the file.
import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import type { AccessLogOptions } from '../model/startup.ts';
import { escapeLine } from './escape-line.ts';
import type { ExchangeRecord } from './exchange-record.ts';

export type AccessLog = {
  /** Takes one line; never throws and never waits. */
  readonly write: (record: ExchangeRecord) => void;
  /** Resolves once all lines taken so far have been handed to the operating system. */
  readonly flush: () => Promise<void>;
};

type Sink = DestinationStream & Partial<Pick<ReturnType<typeof destination>, 'flush' | 'flushSync' | 'on'>>;

/** By number: in a worker thread process.stdout is a stream to the main thread, and slow. */
const standardOutput = 1;
/** PIPE_BUF on Linux: a write of at most this size to a pipe is never torn by another thread's (POSIX write(2)). */
const atomicWriteBytes = 4096;
/** Lines are collected up to this size or this long, so that a busy worker does not pay a system call for each. */
const batchBytes = 2048;
const flushEveryMs = 100;
/** When nobody reads the log, further lines are dropped: a full pipe must not stop the gateway or fill its memory. */
const maxPendingBytes = 8 * 1024 * 1024;
/** Room for what clients choose, so that a line stays below `atomicWriteBytes`. */
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
  target: Sink | undefined = openTarget(options.filePath, onError),
): AccessLog {
  if (target === undefined) return { write: () => {}, flush: async () => {} };
  target.on?.('error', onError);
  const log = pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: escapeLine },
    },
    target,
  );
  return {
    write: (record) => log.info(toLine(record)),
    flush: () => flush(target, onError),
  };
}

/** Asynchronously down to the last batch, which sonic-boom would keep for later, and that one at once. */
function flush(target: Sink, onError: (error: Error) => void): Promise<void> {
  return new Promise((resolve) => {
    if (target.flush === undefined) return resolve();
    target.flush((error) => {
      try {
        if (error) onError(error);
        else target.flushSync?.();
      } catch (late) {
        onError(late as Error);
      }
      // A log that cannot be written must not hold up the end of the process.
      resolve();
    });
  });
}

/** The file is opened here because sonic-boom would retry a file that it cannot open for ever. */
function openTarget(filePath: string, onError: (error: Error) => void): Sink | undefined {
  try {
    return destination({
      dest: filePath === '' ? standardOutput : openFile(filePath),
      sync: false,
      minLength: batchBytes,
      maxWrite: atomicWriteBytes,
      maxLength: maxPendingBytes,
      periodicFlush: flushEveryMs,
    });
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
    ClientAddr: record.clientHost.includes(':')
      ? `[${record.clientHost}]:${record.clientPort}`
      : `${record.clientHost}:${record.clientPort}`,
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
