// When a circuit breaker opens: its expression as data, and what that is asked about.

/** Measurements of the last seconds. */
export type BreakerMetric =
  | { readonly name: 'NetworkErrorRatio' }
  | { readonly name: 'RequestThreshold' }
  /** In percent. */
  | { readonly name: 'LatencyAtQuantileMS'; readonly quantile: number }
  /** Answers with a status of one range, by those of the other; the ends are not in them. */
  | { readonly name: 'ResponseCodeRatio'; readonly part: StatusRange; readonly whole: StatusRange };

/** From the first status on, up to but without the last one. */
export type StatusRange = { readonly from: number; readonly to: number };

/** How a measurement is compared with a number. */
export type Comparison = '>' | '>=' | '<' | '<=' | '==' | '!=';

/** A node of the tree. */
export type BreakerExpression =
  | {
      readonly kind: 'compare';
      readonly metric: BreakerMetric;
      readonly operator: Comparison;
      readonly value: number;
    }
  | {
      readonly kind: 'and' | 'or';
      readonly left: BreakerExpression;
      readonly right: BreakerExpression;
    }
  | { readonly kind: 'not'; readonly inner: BreakerExpression };

/** What was measured in the last seconds. */
export type BreakerMeasurements = {
  /** All requests. */
  readonly total: () => number;
  /** Those that were answered by 502 or 504. */
  readonly networkErrors: () => number;
  /** Those that were answered by a status of this range, by its place in `ranges`. */
  readonly inRange: (range: number) => number;
  /** The time, in milliseconds, that this percentage of requests did not exceed; 0 before the first. */
  readonly latencyMs: (quantile: number) => number;
};

/** When to open, and what has to be measured for it. */
export type BreakerCondition = {
  readonly isMet: (measured: BreakerMeasurements) => boolean;
  readonly ranges: readonly StatusRange[];
  readonly needsLatency: boolean;
};
