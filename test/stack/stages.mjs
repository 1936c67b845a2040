// The stages of `npm run check` and `npm test`, each a command of the pinned Node, bounded in time.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root } from './packages.mjs';
import { say } from './say.mjs';

/** What needs no Engine and no browser. */
export const quickStages = [
  { name: 'types', tool: ['node_modules/typescript/bin/tsc', '--noEmit'], minutes: 3 },
  {
    name: 'format and lint',
    tool: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off'],
    minutes: 2,
  },
  {
    name: 'unit, golden, contract, architecture',
    tests: [
      'test/*.test.ts',
      'test/unit/**/*.test.ts',
      'test/golden/*.test.ts',
      'test/contract/**/*.test.ts',
    ],
    concurrency: 2,
    minutes: 6,
  },
  {
    name: 'regressions and proxy on sockets',
    tests: ['test/proxy/**/*.test.ts', 'test/regressions/**/*.test.ts'],
    concurrency: 1,
    minutes: 6,
  },
];

/** What runs on a real Docker Engine and in a real browser, one file at a time. */
export const realStages = [
  { name: 'browser', tests: ['test/browser/**/*.test.ts'], concurrency: 1, minutes: 4 },
  { name: 'end to end', tests: ['test/e2e/**/*.test.ts'], concurrency: 1, minutes: 12 },
];

/** Runs stages one after the other and gives the totals; a tool counts as one test. */
export async function runStages(stages) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) {
    say(`\n── ${stage.name}`);
    const startedAt = Date.now();
    const result = stage.tool === undefined ? await runTests(stage) : await runTool(stage);
    say(`   ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
    for (const key of Object.keys(totals)) totals[key] += result[key];
  }
  return totals;
}

async function runTool({ tool, minutes }) {
  const status = await runNode(tool, minutes);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

async function runTests({ name, tests, concurrency, minutes }) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const totalsFile = join(root, `.cache/totals-${process.pid}.jsonl`);
  rmSync(totalsFile, { force: true });
  const reporter = `--test-reporter=${join(root, 'test/stack/reporter.mjs')}`;
  const status = await runNode(['--test', `--test-concurrency=${concurrency}`, reporter, ...tests], minutes, {
    BERTH_TOTALS: totalsFile,
  });
  const { passed, failed, skipped } = readTotals(totalsFile);
  // A runner that died, or that ran nothing, must never look green.
  const silent = passed + failed === 0 || (status !== 0 && failed === 0);
  if (silent) say(`   ${name}: the runner ended with status ${status} after ${passed} tests`);
  return { passed, failed: failed + (silent ? 1 : 0), skipped };
}

function readTotals(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '');
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  } finally {
    rmSync(file, { force: true });
  }
}

/** The exit status of the pinned Node with `args`; 1 when it took too long. */
function runNode(args, minutes, env = {}) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path, ...env },
    });
    const timer = setTimeout(() => {
      say(`   took more than ${minutes} minutes: ended`);
      child.kill('SIGKILL');
    }, minutes * 60_000);
    child.once('error', reject);
    child.once('exit', (status) => {
      clearTimeout(timer);
      resolve(status ?? 1);
    });
  });
}

/** Prints the closing line and ends: with 1 when something failed or nothing ran. */
export function finish({ passed, failed, skipped }) {
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
