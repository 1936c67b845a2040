// The four counters and the histogram that Traefik keeps for each entry point, router and service. Plain numbers: a
// request costs map look-ups and additions. prom-client would build and hash a label object for each of them (about
// 1 µs a call, nine calls a request); here labels are made when somebody scrapes.
import type { ExchangeProtocol, ExchangeRecord } from './exchange-record.ts';
import type { MetricFamily, MetricSample } from './metric-family.ts';

/** Traefik's prefixes: traefik_entrypoint_…, traefik_router_…, traefik_service_… */
export type SeriesKind = 'entrypoint' | 'router' | 'service';

/** All counters under one set of the kind's own labels, such as one router with its service. */
export type Scope = {
  readonly labels: Readonly<Record<string, string>>;
  readonly series: Map<number, Series>;
};

type Series = {
  readonly labels: { readonly code: string; readonly method: string; readonly protocol: string };
  count: number;
  seconds: number;
  requestBytes: number;
  responseBytes: number;
  /** Requests at or below each bound, not cumulated; those above all bounds are only in `count`. */
  readonly buckets: number[];
};

/** Any other method counts as EXTENSION_METHOD, as in Traefik: a client cannot make new series. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'] as const;
const extensionMethod = 'EXTENSION_METHOD';
const methodNumbers: ReadonlyMap<string, number> = new Map(methods.map((method, index) => [method, index]));
const protocols = ['http', 'websocket', 'sse'] as const satisfies readonly ExchangeProtocol[];

/** Counters at zero under these labels. */
export function createScope(labels: Readonly<Record<string, string>>): Scope {
  return { labels, series: new Map() };
}

/** Counts one exchange; `bounds` are the histogram's upper bounds in seconds, ascending. */
export function countExchange(scope: Scope, record: ExchangeRecord, bounds: readonly number[]): void {
  const method = methodNumbers.get(record.method) ?? methods.length;
  const protocol = protocols.indexOf(record.protocol);
  // Statuses have three digits, so the three parts share one number without meeting.
  const key = record.status + 1000 * (method + 16 * protocol);
  let series = scope.series.get(key);
  if (series === undefined) {
    series = createSeries(record, methods[method] ?? extensionMethod, bounds);
    scope.series.set(key, series);
  }
  const seconds = record.durationMs / 1000;
  series.count += 1;
  series.seconds += seconds;
  series.requestBytes += record.requestBytes;
  series.responseBytes += record.responseBytes;
  const bucket = bounds.findIndex((bound) => seconds <= bound);
  if (bucket >= 0) series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
}

function createSeries(record: ExchangeRecord, method: string, bounds: readonly number[]): Series {
  return {
    labels: { code: String(record.status), method, protocol: record.protocol },
    count: 0,
    seconds: 0,
    requestBytes: 0,
    responseBytes: 0,
    buckets: bounds.map(() => 0),
  };
}

/** The four families of one kind, in prom-client's JSON form. */
export function collectScopes(
  kind: SeriesKind,
  scopes: readonly Scope[],
  bounds: readonly number[],
): MetricFamily[] {
  const name = `traefik_${kind}`;
  const subject = kind === 'entrypoint' ? 'entry point' : kind;
  const each = (value: (series: Series) => number): MetricSample[] =>
    scopes.flatMap((scope) =>
      [...scope.series.values()].map((series) => ({
        labels: { ...series.labels, ...scope.labels },
        value: value(series),
      })),
    );
  return [
    counter(
      `${name}_requests_total`,
      `Requests of each ${subject}.`,
      each((series) => series.count),
    ),
    {
      name: `${name}_request_duration_seconds`,
      help: `How long requests of each ${subject} took, the whole response included.`,
      type: 'histogram',
      aggregator: 'sum',
      values: scopes.flatMap((scope) =>
        [...scope.series.values()].flatMap((series) =>
          histogramSamples(
            `${name}_request_duration_seconds`,
            { ...series.labels, ...scope.labels },
            series,
            bounds,
          ),
        ),
      ),
    },
    counter(
      `${name}_requests_bytes_total`,
      `Bytes in the bodies of requests of each ${subject}.`,
      each((series) => series.requestBytes),
    ),
    counter(
      `${name}_responses_bytes_total`,
      `Bytes in the bodies of responses of each ${subject}.`,
      each((series) => series.responseBytes),
    ),
  ];
}

function counter(name: string, help: string, values: readonly MetricSample[]): MetricFamily {
  return { name, help, type: 'counter', aggregator: 'sum', values };
}

function histogramSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  series: Series,
  bounds: readonly number[],
): MetricSample[] {
  let atMost = 0;
  const buckets = bounds.map((bound, index): MetricSample => {
    atMost += series.buckets[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le: bound, ...labels }, value: atMost };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: series.count },
    { metricName: `${name}_sum`, labels, value: series.seconds },
    { metricName: `${name}_count`, labels, value: series.count },
  ];
}
