// The stages of `npm run check` and `npm test`, each a command of the pinned Node, bounded in time. Every test file under
// test/ belongs to one of them by its folder, and to one more where it runs again with the Fastify lane alone.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { pinnedNode, root } from './packages.mjs';
import { say } from './say.mjs';

/** Tests that open many sockets or measure what processes do: one file at a time. */
const alone = ['proxy', 'regressions'];
/** Tests on a real Docker Engine, in a real browser and beside Traefik itself. */
const real = ['browser', 'differential', 'e2e'];

/** Of the tests on an Engine those that send traffic: what clients get must not depend on the lane there either. */
const traffic = ['as-written-today', 'docker-routes', 'gateway-life', 'speech', 'workers'];

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
    holds: (folder) => ![...alone, ...real].includes(folder),
    concurrency: 2,
    minutes: 6,
  },
  {
    name: 'regressions and proxy on sockets, all lanes',
    holds: (folder) => alone.includes(folder),
    concurrency: 1,
    minutes: 6,
  },
  {
    // Whatever a client sees must not depend on the lane: the same tests again without the fast ones.
    name: 'regressions and proxy on sockets, the Fastify lane alone',
    holds: (folder) => alone.includes(folder),
    concurrency: 1,
    minutes: 6,
    env: { BERTH_TEST_LANES: 'fastify' },
  },
];

/** What runs on a real Docker Engine, in a real browser and beside Traefik itself, one file at a time. */
export const realStages = [
  { name: 'browser', holds: (folder) => folder === 'browser', concurrency: 1, minutes: 5 },
  {
    name: 'beside Traefik',
    holds: (folder) => folder === 'differential',
    concurrency: 1,
    minutes: 4,
  },
  { name: 'end to end', holds: (folder) => folder === 'e2e', concurrency: 1, minutes: 12 },
  {
    name: 'end to end, the Fastify lane alone',
    holds: (folder, file) => folder === 'e2e' && traffic.includes(basename(file, '.test.ts')),
    concurrency: 1,
    minutes: 8,
    env: { BERTH_TEST_LANES: 'fastify' },
  },
];

/** A test that hangs fails by name, long before its stage is cut off. */
const testLimitMs = 180_000;

/** Runs stages one after the other and gives the totals; a tool counts as one test. */
export async function runStages(stages) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const scratch = openScratch();
  for (const stage of stages) {
    const files =
      stage.tool === undefined ? testFiles().filter((file) => stage.holds(folderOf(file), file)) : [];
    say(`\n── ${stage.name}`);
    const startedAt = Date.now();
    const result = stage.tool === undefined ? await runTests(stage, files, scratch) : await runTool(stage);
    say(`   ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
    for (const key of Object.keys(totals)) totals[key] += result[key];
  }
  return totals;
}

/** Prints the closing line and ends: with 1 when something failed or nothing ran. */
export function finish({ passed, failed, skipped }) {
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

/** Every test file, relative to test/. */
const testFiles = () =>
  readdirSync(join(root, 'test'), { recursive: true })
    .filter((file) => file.endsWith('.test.ts') && !file.split(sep).includes('node_modules'))
    .sort();

const folderOf = (file) => (file.includes(sep) ? file.slice(0, file.indexOf(sep)) : '');

/** A folder for what tests write. What a test that failed or was cut off has left there goes with this process. */
function openScratch() {
  // Short, because sockets stand in it, whose paths hold about 100 characters.
  const folder = mkdtempSync(join(tmpdir(), 'berth-'));
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      say(`   ${folder} could not be removed: ${error.message}`);
    }
  });
  return folder;
}

async function runTool({ tool, minutes }) {
  const status = await runNode(tool, minutes);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

async function runTests({ name, concurrency, minutes, env }, files, scratch) {
  const log = join(root, '.cache', `${name.replace(/\W+/g, '-')}.log`);
  const totalsFile = join(root, `.cache/totals-${process.pid}.json`);
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(totalsFile, { force: true });
  const status = await runNode(
    [
      '--test',
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${testLimitMs}`,
      `--test-reporter=${join(root, 'test/stack/reporter.mjs')}`,
      '--test-reporter-destination=stdout',
      '--test-reporter=spec',
      `--test-reporter-destination=${log}`,
      ...files.map((file) => join('test', file)),
    ],
    minutes,
    { ...env, BERTH_TOTALS: totalsFile, TMPDIR: scratch },
  );
  const { passed, failed, skipped } = readTotals(totalsFile);
  // A runner that died, or that ran nothing, must never look green.
  const silent = passed + failed === 0 || (status !== 0 && failed === 0);
  if (silent) say(`   ${name}: the runner ended with status ${status} after ${passed} tests`);
  if (silent || failed > 0) say(`   every word of it: ${log}`);
  return { passed, failed: failed + (silent ? 1 : 0), skipped };
}

function readTotals(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  } finally {
    rmSync(file, { force: true });
  }
}

/** The exit status of the pinned Node with `args`; 1 when it took too long, and then nothing of it is left running. */
function runNode(args, minutes, env = {}) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  return new Promise((resolve, reject) => {
    // A group of its own, because the runner's children would outlive it.
    const child = spawn(pinnedNode, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path, ...env },
      detached: true,
    });
    const end = () => endGroup(child.pid);
    const timer = setTimeout(() => {
      say(`   took more than ${minutes} minutes: ended`);
      end();
    }, minutes * 60_000);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const interrupted = () => {
      end();
      process.exit(1);
    };
    for (const signal of signals) process.once(signal, interrupted);
    const settle = () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, interrupted);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', (status) => {
      settle();
      resolve(status ?? 1);
    });
  });
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
