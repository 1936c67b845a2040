// Expressions of circuit breakers: what they mean, and what is said of those that cannot be read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BreakerMeasurements } from '../../../../src/model/breaker-expression.ts';
import { compileExpression } from '../../../../src/rules/breaker/compile-expression.ts';
import { parseExpression } from '../../../../src/rules/breaker/parse-expression.ts';

const measured: BreakerMeasurements = {
  total: () => 20,
  networkErrors: () => 5,
  inRange: (range) => [4, 16][range % 2] ?? 0,
  latencyMs: (quantile) => quantile * 2,
};

function isMet(text: string): boolean {
  const parsed = parseExpression(text);
  assert.ok(parsed.ok, text);
  return compileExpression(parsed.expression).isMet(measured);
}

test('measurements are compared, and comparisons joined as in Go', () => {
  const cases: readonly (readonly [text: string, met: boolean])[] = [
    ['NetworkErrorRatio() > 0.24', true],
    ['NetworkErrorRatio() > 0.25', false],
    ['NetworkErrorRatio()>=0.25', true],
    ['NetworkErrorRatio() < .25', false],
    ['NetworkErrorRatio() <= 1', true],
    ['RequestThreshold() == 20', true],
    ['RequestThreshold() != 20', false],
    ['LatencyAtQuantileMS(50.0) > 99', true],
    ['LatencyAtQuantileMS(50) > 100', false],
    ['ResponseCodeRatio(500, 600, 0, 600) == 0.25', true],
    ['RequestThreshold() > 100 && RequestThreshold() > 1 || RequestThreshold() > 2', true],
    ['RequestThreshold() > 100 && (RequestThreshold() > 1 || RequestThreshold() > 2)', false],
    ['!(RequestThreshold() > 100) && !RequestThreshold() > 100', true],
    [' ( ( NetworkErrorRatio( ) > 0.1 ) ) ', true],
  ];
  for (const [text, met] of cases) assert.equal(isMet(text), met, text);
});

test('only what an expression asks about is measured', () => {
  const compiled = (text: string) => {
    const parsed = parseExpression(text);
    assert.ok(parsed.ok);
    return compileExpression(parsed.expression);
  };
  assert.equal(compiled('NetworkErrorRatio() > 1').needsLatency, false);
  assert.equal(compiled('LatencyAtQuantileMS(50.0) > 1').needsLatency, true);
  assert.deepEqual(compiled('ResponseCodeRatio(500, 600, 0, 600) > 1').ranges, [
    { from: 500, to: 600 },
    { from: 0, to: 600 },
  ]);
});

test('without requests a ratio is 0', () => {
  const nothing = { ...measured, total: () => 0, inRange: () => 0 };
  for (const text of ['NetworkErrorRatio() == 0', 'ResponseCodeRatio(500, 600, 0, 600) == 0']) {
    const parsed = parseExpression(text);
    assert.ok(parsed.ok && compileExpression(parsed.expression).isMet(nothing), text);
  }
});

test('a fault says where it stands and what to write', () => {
  const cases: readonly (readonly [text: string, position: number, message: RegExp, hint: RegExp])[] = [
    ['', 0, /measurement: there is nothing more/, /NetworkErrorRatio\(\) > 0\.3/],
    ['NetworkErrorRatio()', 19, /comparison is missing/, /> 0\.3/],
    ['NetworkErrorRatio() > ', 22, /a number: there is nothing more/, /./],
    ['NetworkErorRatio() > 0.3', 0, /no measurement NetworkErorRatio/, /mean NetworkErrorRatio\?/],
    ['Requests() > 0.3', 0, /no measurement Requests/, /There are NetworkErrorRatio, /],
    ['toString() > 1', 0, /no measurement toString/, /./],
    ['NetworkErrorRatio > 0.3', 18, /Here should stand \(: there is >/, /./],
    ['LatencyAtQuantileMS() > 1', 0, /takes one number, and not 0/, /LatencyAtQuantileMS\(50\.0\)/],
    ['ResponseCodeRatio(500, 600) > 1', 0, /takes 4 numbers, and not 2/, /\(500, 600, 0, 600\)/],
    ['NetworkErrorRatio() > 0.3 & RequestThreshold() > 1', 26, /"&" has no meaning/, /./],
    ['(NetworkErrorRatio() > 0.3', 26, /Here should stand \)/, /./],
    ['NetworkErrorRatio() > 0.3)', 25, /&& or \|\| or the end: there is \)/, /./],
    ['NetworkErrorRatio() > -1', 22, /"-" has no meaning/, /./],
    ['('.repeat(1025), 1024, /longer than 1024/, /./],
  ];
  for (const [text, position, message, hint] of cases) {
    const parsed = parseExpression(text);
    assert.ok(!parsed.ok, text);
    assert.equal(parsed.position, position, text);
    assert.match(parsed.message, message);
    assert.match(parsed.hint, hint);
  }
});
