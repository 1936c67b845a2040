// A retry expression, compiled (vulcand/oxy, buffer/threshold.go). It has been checked when the configuration was resolved.
import { type Condition, type ConditionOperator, parseCondition } from '../../../lib/parse-condition.ts';

/** An attempt, and what came of it. */
export type Tried = { readonly method: string; readonly attempts: number; readonly status: number };

/** Whether the request is to be sent again. */
export type RetryTest = (tried: Tried) => boolean;

/** Undefined where there is no expression. */
export function compileRetryTest(text: string): RetryTest | undefined {
  if (text === '') return undefined;
  const parsed = parseCondition(text);
  if (!parsed.ok)
    throw new Error(`A middleware with an unchecked expression was compiled: ${parsed.message}`);
  return compile(parsed.condition);
}

function compile(condition: Condition): RetryTest {
  switch (condition.kind) {
    case 'and': {
      const [left, right] = [compile(condition.left), compile(condition.right)];
      return (tried) => left(tried) && right(tried);
    }
    case 'or': {
      const [left, right] = [compile(condition.left), compile(condition.right)];
      return (tried) => left(tried) || right(tried);
    }
    case 'not': {
      const inner = compile(condition.inner);
      return (tried) => !inner(tried);
    }
    case 'call': {
      const read = readers[condition.name];
      if (read === undefined)
        throw new Error(`A middleware with an unknown function was compiled: ${condition.name}`);
      const { comparison } = condition;
      if (comparison === undefined) return (tried) => read(tried) === true;
      const compare = comparers[comparison.operator];
      return (tried) => compare(read(tried), comparison.value);
    }
  }
}

type Value = number | string | boolean;

const readers: Readonly<Record<string, (tried: Tried) => Value>> = {
  IsNetworkError: ({ status }) => status === 502 || status === 504,
  Attempts: ({ attempts }) => attempts,
  ResponseCode: ({ status }) => status,
  RequestMethod: ({ method }) => method,
};

const comparers: Readonly<Record<ConditionOperator, (left: Value, right: Value) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};
