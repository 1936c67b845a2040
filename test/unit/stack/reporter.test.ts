// The reporter of `npm test`: what it counts decides whether a run is green, so it is tried on runs of every kind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const reporter = join(import.meta.dirname, '../../stack/reporter.mjs');
const head = "import { describe, test } from 'node:test';\n";

type Run = {
  readonly status: number | null;
  readonly text: string;
  readonly totals: { readonly passed: number; readonly failed: number; readonly skipped: number };
};

/** Runs test files of these contents as `npm test` does. */
function run(contents: Readonly<Record<string, string>>, flags: readonly string[] = []): Run {
  const folder = mkdtempSync(join(tmpdir(), 'berth-reporter-'));
  try {
    const files = Object.entries(contents).map(([name, content]) => {
      const file = `${name}.test.mjs`;
      writeFileSync(join(folder, file), content);
      return file;
    });
    const totals = join(folder, 'totals.json');
    // Node refuses to run tests inside of tests unless it does not know.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', ...flags, `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', ...files],
      { cwd: folder, encoding: 'utf8', env: { ...env, BERTH_TOTALS: totals } },
    );
    return { status, text: stdout, totals: JSON.parse(readFileSync(totals, 'utf8')) as Run['totals'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cases = [
  {
    name: 'tests and tests in suites count one each, suites do not',
    content: `${head}test('a', () => {}); describe('s', () => { test('b', () => {}); test('c', () => {}); });`,
    totals: { passed: 3, failed: 0, skipped: 0 },
    says: ['✔ it.test.mjs: 3 passed ('],
  },
  {
    name: 'a failure is shown with its message and its cause',
    content: `${head}test('breaks', () => { throw new Error('outer', { cause: new Error('inner') }); });`,
    totals: { passed: 0, failed: 1, skipped: 0 },
    says: ['✖ it.test.mjs: breaks', 'Error: outer', 'because: Error: inner'],
  },
  {
    name: 'what is skipped or still to do has not passed',
    content: `${head}test('a', () => {}); test.skip('b', () => {}); test.todo('c');`,
    totals: { passed: 1, failed: 0, skipped: 2 },
    says: ['1 passed, 2 skipped'],
  },
  {
    name: 'a file without a test is a failure',
    content: 'export {};',
    totals: { passed: 0, failed: 1, skipped: 0 },
    says: ['there is no test in it'],
  },
  {
    name: 'a file that does not load is a failure, and its words are shown',
    content: "throw new Error('does not load');",
    totals: { passed: 0, failed: 1, skipped: 0 },
    says: ['  | Error: does not load'],
  },
  {
    name: 'a test that takes too long is named',
    content: `${head}test('waits', () => new Promise((resolve) => setTimeout(resolve, 3_000)));`,
    flags: ['--test-timeout=500'],
    totals: { passed: 0, failed: 1, skipped: 0 },
    says: ['✖ it.test.mjs: waits', 'timed out'],
  },
  {
    name: 'what a good file prints stays out of sight',
    content: `${head}console.log('chatter'); test('a', () => {});`,
    totals: { passed: 1, failed: 0, skipped: 0 },
    says: [],
    silent: 'chatter',
  },
] as const;

for (const { name, content, totals, says, ...more } of cases) {
  test(name, () => {
    const result = run({ it: content }, 'flags' in more ? more.flags : []);
    assert.deepEqual(result.totals, totals);
    for (const words of says) assert.ok(result.text.includes(words), `${words} in:\n${result.text}`);
    if ('silent' in more) assert.ok(!result.text.includes(more.silent), result.text);
  });
}

test('totals are those of all files', () => {
  const passes = `${head}test('a', () => {});`;
  const { totals, status } = run({
    one: passes,
    two: passes,
    three: `${head}test('b', () => { throw 1; });`,
  });
  assert.deepEqual(totals, { passed: 2, failed: 1, skipped: 0 });
  assert.equal(status, 1);
});
