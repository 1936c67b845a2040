// A metric family as plain data: the JSON form that prom-client gives, takes and merges. It crosses the bridge.

/** One line of the exposition; `metricName` where it differs from the family's (`…_bucket`, `…_sum`, `…_count`). */
export type MetricSample = {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
};

/** All lines of one name. */
export type MetricFamily = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly values: readonly MetricSample[];
  /** How the values of several workers become one. */
  readonly aggregator: 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit';
};

/** Of the text that `mergeMetrics` makes (Prometheus' text format); here, so that who names it need not load prom-client. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';
