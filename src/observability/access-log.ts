// The access log: one JSON object a line for each finished request, under the names of Traefik's JSON access log, plus
// RequestId, Replica and Fault. Lines are short enough to be written in one piece: several workers share the file.
import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { toAuthority } from '../lib/authority.ts';
import type { AccessLogOptions } from '../model/startup.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { createLineWriter, type LineWriter } from './create-line-writer.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import { isoTime } from './iso-time.ts';
import { quoteText } from './quote-text.ts';

/** Where finished exchanges are written. */
export type AccessLog = {
  /** Takes one line; never throws and never waits. */
  readonly write: (record: ExchangeRecord) => void;
  /** The same for a connection of a TCP router. */
  readonly writeConnection: (record: ConnectionRecord) => void;
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
  if (target === undefined) return { write: () => {}, writeConnection: () => {}, flush: async () => {} };
  const routeText = createRouteText();
  return {
    write: (record) => target.write(toLine(record, routeText(record))),
    writeConnection: (record) => target.write(toConnectionLine(record)),
    flush: target.flush,
  };
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

/**
 * Traefik's keys (pkg/middlewares/accesslog/logdata.go); durations are whole nanoseconds as there. Written out, not by
 * pino: the keys are known, and a line for each request is the dearest thing that a gateway can be asked for. `route` is the
 * part that createRouteText makes.
 */
function toLine(record: ExchangeRecord, route: string): string {
  let line = beginning(record) + optional('ClientUsername', record.user);
  line += `,"RequestMethod":${quote(record.method, maxTextLength)}`;
  line += `,"RequestPath":${quote(record.path, maxPathLength)}`;
  line += `,"RequestHost":${quote(record.host, maxTextLength)}`;
  line += `,"RequestProtocol":"${record.httpVersion}","RequestScheme":"${record.scheme}"`;
  line += `,"RequestContentSize":${record.requestBytes},"DownstreamStatus":${record.status}`;
  line += `,"DownstreamContentSize":${record.responseBytes}`;
  line += route;
  if (record.upstreamStatus !== undefined) line += `,"OriginStatus":${record.upstreamStatus}`;
  if (record.upstreamFirstByteMs !== undefined) {
    line += `,"OriginDuration":${toNanoseconds(record.upstreamFirstByteMs)}`;
  }
  if (record.retries !== undefined) line += `,"RetryAttempts":${record.retries}`;
  line += optional('Fault', record.fault);
  line += `,"RequestId":${quote(record.requestId, maxTextLength)}`;
  line += optional('request_User-Agent', record.userAgent);
  return `${line}}\n`;
}

/** Keys of a request, as far as a connection has the like: the server name is its host. Traefik logs none of these. */
function toConnectionLine(record: ConnectionRecord): string {
  let line = beginning(record);
  if (record.serverName !== '') line += `,"RequestHost":${quote(record.serverName, maxTextLength)}`;
  line += `,"RequestProtocol":"${record.scheme === 'udp' ? 'UDP' : 'TCP'}","RequestScheme":"${record.scheme}"`;
  line += `,"RequestContentSize":${record.requestBytes},"DownstreamContentSize":${record.responseBytes}`;
  line += `,"entryPointName":${quoteText(record.entryPoint)}`;
  line += optional('RouterName', record.router) + optional('ServiceName', record.service);
  line += optional('ServiceURL', record.replicaUrl) + optional('Replica', record.replica);
  if (record.retries > 0) line += `,"RetryAttempts":${record.retries}`;
  return `${line}${optional('Fault', record.fault)}}\n`;
}

function beginning({
  startedAt,
  durationMs,
  clientHost,
  clientPort,
}: Pick<ExchangeRecord, 'startedAt' | 'durationMs' | 'clientHost' | 'clientPort'>): string {
  let line = `{"level":"info","time":"${isoTime(Date.now())}","StartUTC":"${isoTime(startedAt)}"`;
  line += `,"Duration":${toNanoseconds(durationMs)}`;
  line += `,"ClientAddr":${quoteText(toAuthority(clientHost, clientPort))},"ClientHost":${quoteText(clientHost)}`;
  return line;
}

/** So many ways through the gateway are kept as text; with one more they are made anew. */
const maxRoutes = 1024;

type RoutePart = Pick<ExchangeRecord, 'entryPoint' | 'router' | 'service' | 'replicaUrl' | 'replica'>;

/** Gives the part of a line that says which way a request took. It is the same in most lines of a replica, and kept. */
function createRouteText(): (record: RoutePart) => string {
  const kept = new Map<string, { readonly route: RoutePart; readonly text: string }>();
  return ({ entryPoint, router, service, replicaUrl, replica }) => {
    const route = { entryPoint, router, service, replicaUrl, replica };
    const key = replica ?? router ?? entryPoint;
    const known = kept.get(key);
    if (known !== undefined && isSameRoute(known.route, route)) return known.text;
    const text =
      `,"entryPointName":${quoteText(entryPoint)}` +
      optional('RouterName', router) +
      optional('ServiceName', service) +
      optional('ServiceURL', replicaUrl) +
      optional('Replica', replica);
    if (kept.size >= maxRoutes) kept.clear();
    kept.set(key, { route, text });
    return text;
  };
}

function isSameRoute(one: RoutePart, other: RoutePart): boolean {
  return (
    one.replica === other.replica &&
    one.router === other.router &&
    one.service === other.service &&
    one.replicaUrl === other.replicaUrl &&
    one.entryPoint === other.entryPoint
  );
}

function optional(key: string, text: string | undefined): string {
  return text === undefined ? '' : `,"${key}":${quote(text, maxTextLength)}`;
}

function quote(text: string, maxLength: number): string {
  return quoteText(text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`);
}

function toNanoseconds(ms: number): number {
  return Math.round(ms * nanosecondsPerMs);
}
