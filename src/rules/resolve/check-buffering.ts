// What is wrong with the options of buffering (Traefik v3.7; vulcand/oxy, buffer/options.go and buffer/threshold.go).
import { nearestName } from '../../lib/nearest.ts';
import { type ConditionCall, callsOf, parseCondition } from '../../lib/parse-condition.ts';
import type { BufferingOptions } from '../../model/middlewares/buffering.ts';
import type { Finding } from './verdict.ts';

/** What each function of a retry expression gives. */
const functions: Readonly<Record<string, 'flag' | 'number' | 'text'>> = {
  IsNetworkError: 'flag',
  Attempts: 'number',
  ResponseCode: 'number',
  RequestMethod: 'text',
};

const example = 'Write it such as IsNetworkError() && Attempts() <= 2.';

/** Gives what keeps the middleware from being used. */
export function checkBuffering({ retryExpression = '', ...limits }: BufferingOptions): readonly Finding[] {
  return [
    ...Object.entries(limits).flatMap(([key, value]) => checkLimit(key, value)),
    ...(retryExpression === '' ? [] : checkExpression(retryExpression)),
  ];
}

function checkLimit(key: string, value: number | undefined): readonly Finding[] {
  if (value === undefined || value >= 0) return [];
  const option = { key: `buffering.${key}`, value: String(value) };
  return [
    {
      severity: 'error',
      code: 'bad-value',
      message: 'A number of bytes cannot be negative.',
      hint: 'Write 0 for no limit.',
      option,
    },
  ];
}

function checkExpression(text: string): readonly Finding[] {
  const parsed = parseCondition(text);
  if (!parsed.ok) return [fault(text, parsed.message, example, parsed.position)];
  for (const call of callsOf(parsed.condition)) {
    const found = checkCall(text, call);
    if (found !== undefined) return [found];
  }
  return [];
}

function checkCall(text: string, { name, position, comparison }: ConditionCall): Finding | undefined {
  const kind = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (kind === undefined) {
    const known = Object.keys(functions);
    const near = nearestName(name, known);
    const hint = near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
    return fault(text, `There is no function ${name}.`, hint, position);
  }
  if (kind === 'flag') {
    if (comparison === undefined) return undefined;
    return fault(text, `${name}() stands for itself.`, 'Leave out what it is compared with.', position);
  }
  if (comparison === undefined) {
    return fault(
      text,
      `${name}() is a ${kind}: nothing says when it is right.`,
      `Compare it with a ${kind}.`,
      position,
    );
  }
  const isFitting =
    typeof comparison.value === (kind === 'number' ? 'number' : 'string') &&
    (kind === 'number' || comparison.operator === '==' || comparison.operator === '!=');
  return isFitting
    ? undefined
    : fault(text, `${name}() is a ${kind}, and cannot be compared so.`, example, position);
}

function fault(text: string, message: string, hint: string, position: number): Finding {
  const option = { key: 'buffering.retryExpression', value: text };
  return { severity: 'error', code: 'bad-value', message, hint, option, position };
}
