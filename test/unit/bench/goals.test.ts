// Whether results reach the figures of docs/performance.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Goal, goals } from '../../bench/shared/goals.ts';
import { parseH2Load } from '../../bench/shared/h2load.ts';
import type { ResultRow } from '../../bench/shared/report-comparison.ts';

const row = (gateway: string, figures: Record<string, number>, name = ''): ResultRow => ({
  ...{ gateway, figures, rounds: [] },
  case: name,
});

function goalOf(work: string): Goal {
  const goal = goals.find((one) => one.work.startsWith(work));
  if (goal === undefined) throw new Error(`There is no goal ${work}.`);
  return goal;
}

/** What a goal says of Berth when a suite has these rows and the others none. */
function judge(work: string, suite: string, rows: readonly ResultRow[]) {
  return goalOf(work).judge('Berth', (asked) => (asked === suite ? rows : []), false);
}

test('each peer has its own factor', () => {
  const rows = [row('Berth', { cpu: 15 }), row('nginx', { cpu: 14 }), row('Envoy', { cpu: 29 })];
  const { figure, beside } = judge('HTTP/1.1', 'http1', rows);
  assert.equal(figure, 15);
  assert.deepEqual(
    beside.map(({ name, reached }) => [name, reached]),
    [
      ['nginx', true],
      ['Envoy', false],
      ['Traefik', undefined],
    ],
  );
});

test('of rates more is better', () => {
  const rows = [row('Berth', { perCore: 79 }, 'down, Content-Length')];
  const beside = (perCore: number) =>
    judge('1 GB body down', 'bodies', [...rows, row('nginx', { perCore }, 'down, Content-Length')]).beside;
  assert.equal(beside(100)[0]?.reached, false);
  assert.equal(beside(98)[0]?.reached, true);
});

test('a difference below nothing reaches the goal, whatever its ratio', () => {
  const rows = [
    row('Berth', { added99: -0.1 }, 'half of its capacity'),
    row('Envoy', { added99: 0.2 }, 'half of its capacity'),
  ];
  assert.equal(judge('added p99', 'latency', rows).beside[0]?.reached, true);
});

test('a single failure during reloads misses the goal', () => {
  const rows = [row('Berth', { p99: 1, steady: 1, ratio: 1, failed: 1 })];
  assert.deepEqual(
    judge('a configuration change', 'reload', rows).beside.map(({ reached }) => reached),
    [true, false],
  );
});

test('two workers that share unevenly are worth less than two', () => {
  const rows = [row('Berth', { cpu: 20 }, '1 worker'), row('Berth', { cpu: 20, evenness: 0.8 }, '2 workers')];
  const [beside] = judge('two workers', 'workers', rows).beside;
  assert.equal(beside?.ratio, 1.6);
  assert.equal(beside?.reached, false);
});

test("h2load's failures of every kind are counted, and only answers have a latency", () => {
  const text = `finished in 1.00s, 3.00 req/s, 1.00KB/s
requests: 6 total, 6 started, 5 done, 3 succeeded, 2 failed, 1 errored, 0 timeout
status codes: 3 2xx, 0 3xx, 1 4xx, 1 5xx
`;
  const log = '1\t200\t1000\n2\t200\t3000\n3\t503\t9000\n4\t200\t2000\n5\t-1\t9000\n';
  assert.deepEqual(parseH2Load(text, log), { done: 3, figures: { rate: 3, p50: 2, p99: 3, failed: 3 } });
});

test('of floods the worst counts', () => {
  const rows = [row('Berth', { worst: 40 }, 'PING'), row('Berth', { worst: 251 }, 'SETTINGS')];
  const { figure, beside } = judge('the slowest answer', 'floods', rows);
  assert.equal(figure, 251);
  assert.deepEqual(
    beside.map(({ reached }) => reached),
    [false],
  );
  assert.equal(judge('the slowest answer', 'floods', rows.slice(0, 1)).beside[0]?.reached, true);
  assert.equal(judge('the slowest answer', 'floods', []).beside[0]?.reached, undefined);
});
