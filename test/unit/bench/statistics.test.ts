// From samples to figures, and from figures to the table of a comparison.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTable } from '../../bench/shared/report-comparison.ts';
import { median, medians, percentile, toFigure } from '../../bench/shared/statistics.ts';
import { parseWrk } from '../../bench/shared/wrk.ts';

test('the median of an even number of values lies between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([9, 1, 2]), 2);
  assert.equal(median([]), Number.NaN);
});

test('a percentile is the nearest rank', () => {
  const sorted = Array.from({ length: 100 }, (_, at) => at + 1);
  assert.equal(percentile(sorted, 0.99), 99);
  assert.equal(percentile(sorted, 0.5), 50);
  assert.equal(percentile([7], 0), 7);
  assert.equal(percentile([], 0.5), Number.NaN);
});

test('a round that lacks a figure does not count for it', () => {
  assert.deepEqual(medians([{ cpu: 1, p99: 5 }, { cpu: 2 }, { cpu: 30, p99: Number.NaN }]), {
    cpu: 2,
    p99: 5,
  });
});

test('figures have three significant digits, and a dash stands for none', () => {
  assert.deepEqual([14.123, 0.35219, 70_123.4, Number.NaN, undefined].map(toFigure), [
    '14.1',
    '0.352',
    '70123',
    '-',
    '-',
  ]);
});

test('a table divides each setting of Berth by the gateways of the same case', () => {
  const row = (name: string, gateway: string, cpu?: number) => ({
    case: name,
    gateway,
    figures: cpu === undefined ? {} : { cpu },
    rounds: [],
  });
  const table = toTable(
    [{ name: 'cpu', label: 'CPU', better: 'less' }],
    [row('small', 'Berth', 10), row('small', 'nginx', 20), row('large', 'Berth', 30), row('large', 'nginx')],
  );
  assert.deepEqual(table, [
    { case: 'small', gateway: 'Berth', CPU: '10', 'Berth ÷': '1' },
    { case: 'small', gateway: 'nginx', CPU: '20', 'Berth ÷': '0.5' },
    { case: 'large', gateway: 'Berth', CPU: '30', 'Berth ÷': '1' },
    { case: 'large', gateway: 'nginx', CPU: '-', 'Berth ÷': '-' },
  ]);
});

const printed = `Running 1s test @ http://localhost:40001/api/v1/speech
  1 threads and 64 connections
  Latency Distribution
     50%  912.00us
     75%    1.10ms
     90%    1.90ms
     99%    1.20s 
  70155 requests in 1.10s, 83.98MB read
  Socket errors: connect 0, read 3, write 0, timeout 1
Requests/sec:  63777.21
`;

test("wrk's units become milliseconds, and its socket errors are counted", () => {
  const { done, figures } = parseWrk(printed);
  assert.equal(done, 70_155);
  assert.deepEqual(
    { ...figures, rate: Math.round(figures['rate'] ?? 0) },
    { rate: 63_777, p50: 0.912, p99: 1_200, failed: 4 },
  );
});

test('answers that are not 200 are no figure', () => {
  assert.throws(() => parseWrk(`${printed}  Non-2xx or 3xx responses: 12\n`), /not 200/);
});
