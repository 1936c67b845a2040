// A circuit breaker's expression → a function of what was measured. Made once; nothing is parsed when it is asked. Pure.
import type {
  BreakerCondition,
  BreakerExpression,
  BreakerMeasurements,
  BreakerMetric,
  Comparison,
  StatusRange,
} from '../../model/breaker-expression.ts';

type Test = BreakerCondition['isMet'];

/** Compiles it. */
export function compileExpression(expression: BreakerExpression): BreakerCondition {
  const ranges: StatusRange[] = [];
  let needsLatency = false;

  const place = (range: StatusRange): number => ranges.push(range) - 1;

  function toValue(metric: BreakerMetric): (measured: BreakerMeasurements) => number {
    switch (metric.name) {
      case 'NetworkErrorRatio':
        return ({ networkErrors, total }) => ratio(networkErrors(), total());
      case 'RequestThreshold':
        return ({ total }) => total();
      case 'LatencyAtQuantileMS':
        needsLatency = true;
        return ({ latencyMs }) => latencyMs(metric.quantile);
      case 'ResponseCodeRatio': {
        const part = place(metric.part);
        const whole = place(metric.whole);
        return ({ inRange }) => ratio(inRange(part), inRange(whole));
      }
    }
  }

  function toTest(node: BreakerExpression): Test {
    switch (node.kind) {
      case 'and': {
        const [left, right] = [toTest(node.left), toTest(node.right)];
        return (measured) => left(measured) && right(measured);
      }
      case 'or': {
        const [left, right] = [toTest(node.left), toTest(node.right)];
        return (measured) => left(measured) || right(measured);
      }
      case 'not': {
        const inner = toTest(node.inner);
        return (measured) => !inner(measured);
      }
      case 'compare': {
        const value = toValue(node.metric);
        const compare = comparers[node.operator];
        return (measured) => compare(value(measured), node.value);
      }
    }
  }

  const isMet = toTest(expression);
  return { isMet, ranges, needsLatency };
}

const comparers: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/** Without anything to measure all is well. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
