// A circuit breaker by a clock of the test's own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CounterWindow, LatencyWindow } from '../../../../src/data-plane/live-state/breaker-window.ts';
import { CircuitBreaker } from '../../../../src/data-plane/live-state/circuit-breaker.ts';
import { createWeakValues } from '../../../../src/lib/weak-values.ts';
import { compileExpression } from '../../../../src/rules/breaker/compile-expression.ts';
import { parseExpression } from '../../../../src/rules/breaker/parse-expression.ts';

function breakerFor(expression: string): CircuitBreaker {
  const parsed = parseExpression(expression);
  assert.ok(parsed.ok);
  return new CircuitBreaker({
    condition: compileExpression(parsed.expression),
    checkPeriodMs: 100,
    fallbackMs: 10_000,
    recoveryMs: 10_000,
  });
}

test('it opens, recovers by a growing share, and closes', () => {
  const breaker = breakerFor('NetworkErrorRatio() > 0.5');
  let now = 1_000_000;
  breaker.record(200, 1, now);
  breaker.record(502, 1, now + 10);
  breaker.record(504, 1, now + 20);
  assert.equal(breaker.state, 'closed', 'it looks only so often');
  breaker.record(502, 1, now + 101);
  assert.equal(breaker.state, 'open');
  assert.equal(breaker.admits(now + 10_100), false);

  now += 10_101;
  const admitted = (from: number, to: number): number => {
    let count = 0;
    for (let at = from; at < to; at += 10) if (breaker.admits(now + at)) count += 1;
    return count;
  };
  const early = admitted(0, 2_000);
  assert.equal(breaker.state, 'recovering');
  const late = admitted(8_000, 10_000);
  assert.ok(early < 20, `few of 200 pass at first: ${early}`);
  assert.ok(late > 100 && late < 200, `at the end most do: ${late}`);
  assert.equal(breaker.admits(now + 10_001), true);
  assert.equal(breaker.state, 'closed');
});

test('it opens again when the service fails while it recovers', () => {
  const breaker = breakerFor('ResponseCodeRatio(500, 600, 0, 600) > 0.5');
  breaker.record(500, 1, 1_000);
  assert.equal(breaker.state, 'open');
  breaker.admits(11_001);
  assert.equal(breaker.state, 'recovering');
  breaker.record(200, 1, 11_002);
  assert.equal(breaker.state, 'recovering', 'what was counted before it opened is forgotten');
  for (let at = 0; at < 3; at++) breaker.record(599, 1, 11_200 + at * 200);
  assert.equal(breaker.state, 'open');
  assert.equal(breaker.admits(12_000), false);
});

test('it opens by times', () => {
  const breaker = breakerFor('LatencyAtQuantileMS(50.0) > 100');
  for (let at = 0; at < 10; at++) breaker.record(200, at < 6 ? 99 : 500, 1_000 + at * 101);
  assert.equal(breaker.state, 'closed');
  for (let at = 0; at < 6; at++) breaker.record(200, 500, 3_000 + at * 101);
  assert.equal(breaker.state, 'open');
});

test('counters forget what is older than ten seconds', () => {
  const window = new CounterWindow(2);
  window.add(0, 5_500);
  window.add(0, 9_900);
  window.add(1, 9_900);
  assert.equal(window.sum(0, 14_999), 2);
  assert.equal(window.sum(0, 15_000), 1);
  assert.equal(window.sum(1, 18_999), 1);
  assert.equal(window.sum(1, 19_000), 0);
  window.add(0, 1_000_000);
  assert.equal(window.sum(0, 1_000_000), 1);
  window.reset();
  assert.equal(window.sum(0, 1_000_000), 0);
});

test('times are told to 2 %, and forgotten after a minute', () => {
  const window = new LatencyWindow();
  for (let ms = 1; ms <= 1_000; ms++) window.add(ms, 100_000);
  for (const quantile of [1, 50, 90, 99, 100]) {
    const told = window.at(quantile, 100_000);
    assert.ok(Math.abs(told - quantile * 10) <= quantile * 0.2 + 1, `${quantile}: ${told}`);
  }
  window.add(10, 130_000);
  assert.ok(window.at(50, 159_999) > 400);
  assert.equal(window.at(50, 160_000), 10);
  assert.equal(window.at(50, 190_000), 0);
  window.add(Number.POSITIVE_INFINITY, 190_000);
  assert.ok(window.at(50, 190_000) >= 3_600_000);
});

test('a breaker is found by its key as long as somebody uses it', () => {
  const values = createWeakValues<{ readonly made: number }>();
  let made = 0;
  const make = () => ({ made: ++made });
  const first = values.of('a', make);
  assert.equal(values.of('a', make), first);
  assert.notEqual(values.of('b', make), first);
  assert.equal(first.made, 1);
});
