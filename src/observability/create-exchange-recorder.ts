// What the data plane tells observability, in one place: each finished exchange goes to the access log and the
// counters, as far as they are switched on.
import type { Log } from '../model/log.ts';
import type { AccessLogOptions, PrometheusOptions } from '../model/startup.ts';
import { type AccessLog, createAccessLog } from './access-log.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { ConnectionProtocol, ExchangeRecord } from './exchange-record.ts';
import type { MetricFamily } from './metric-family.ts';
import { type ConfiguredNames, createRequestMetrics } from './metrics.ts';

/** The one place where the data plane reports exchanges. */
export type ExchangeRecorder = {
  /** Whether anybody wants records; without, none need be made. */
  readonly isOn: boolean;
  /** Call once for each exchange, when its response has ended or its client has gone. Synchronous; never throws. */
  readonly recordExchange: (record: ExchangeRecord) => void;
  /** Call once for each connection of a TCP router when both sides are closed, and for each session of UDP at its end. Synchronous; never throws. */
  readonly recordConnection: (record: ConnectionRecord) => void;
  /** Call the result once, when the connection is closed. */
  readonly openConnection: (entryPoint: string, protocol: ConnectionProtocol) => () => void;
  /** `reason` is one of few words. */
  readonly countHandshakeFailure: (entryPoint: string, reason: string) => void;
  /** Call with each new configuration, so that series of removed objects go away. */
  readonly retain: (names: ConfiguredNames) => void;
  /** For DataPlane.collectMetrics. */
  readonly collectMetrics: () => MetricFamily[];
  /** Writes what the access log still holds; call it before the worker ends. */
  readonly flush: () => Promise<void>;
};

/**
 * An absent option switches its half off. `log` hears of an access log that fails. `accessLog` may be given, for tests.
 */
export function createExchangeRecorder(
  options: { readonly accessLog?: AccessLogOptions; readonly prometheus?: PrometheusOptions },
  log?: Pick<Log, 'error'>,
  accessLog: AccessLog | undefined = options.accessLog && openAccessLog(options.accessLog, log),
): ExchangeRecorder {
  const metrics = options.prometheus && createRequestMetrics(options.prometheus);
  return {
    isOn: metrics !== undefined || accessLog !== undefined,
    recordExchange: (record) => {
      if (record.logged) accessLog?.write(record);
      metrics?.record(record);
    },
    recordConnection: (record) => {
      if (record.logged) accessLog?.writeConnection(record);
    },
    openConnection: (entryPoint, protocol) => metrics?.openConnection(entryPoint, protocol) ?? (() => {}),
    countHandshakeFailure: (entryPoint, reason) => metrics?.countHandshakeFailure(entryPoint, reason),
    retain: (names) => metrics?.retain(names),
    collectMetrics: () => metrics?.collect() ?? [],
    flush: async () => accessLog?.flush(),
  };
}

/** Says once that the log fails, not once for each line: a full disk would otherwise fill the other log. */
function openAccessLog(options: AccessLogOptions, log: Pick<Log, 'error'> | undefined): AccessLog {
  let reported = false;
  return createAccessLog(options, (err) => {
    if (!reported) log?.error({ err, filePath: options.filePath }, 'The access log cannot be written.');
    reported = true;
  });
}
