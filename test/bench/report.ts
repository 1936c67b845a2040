// Writes docs/performance.md from the JSON of the comparisons that were run last, and from spent.md, which is written by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonSuites } from './all.ts';
import { type Goal, goals, type Judgement, type Results } from './shared/goals.ts';
import { resultFile, type StoredComparison, toTable } from './shared/report-comparison.ts';
import { toFigure } from './shared/statistics.ts';

const page = join(import.meta.dirname, '../../docs/performance.md');
const spent = join(import.meta.dirname, 'spent.md');
/** The rows of tables that are Berth. */
const settings = ['Berth', 'Berth (Fastify lane)'];

/** No arguments. */
export async function run(): Promise<void> {
  const stored = [false, true].flatMap((logs) =>
    comparisonSuites.flatMap((suite) => {
      const file = resultFile(suite, logs);
      return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as StoredComparison] : [];
    }),
  );
  if (stored.length === 0) throw new Error('There are no results; run `npm run bench -- all`.');
  writeFileSync(page, performancePage(stored, readFileSync(spent, 'utf8')));
  process.stdout.write(`Wrote ${page}\n`);
}

/** Pure: the page. `spentOn` is the part of it that is written by hand. */
export function performancePage(stored: readonly StoredComparison[], spentOn: string): string {
  const results: Results = (suite, logs) =>
    stored.find(({ name, options }) => name === suite && options.logs === logs)?.rows ?? [];
  const withLogs = stored.some(({ options }) => options.logs);
  return `# Performance

Written by \`npm run bench -- report\` from the results of the last runs; by hand only where it says so. Gateway, load and upstream share one
machine, so an absolute time means little. What counts are ratios, taken from turns in one run on the same work, and CPU
time per request, which hardly moves with what else the machine does.

## Figures to reach

One core each, full routing, access logs off${withLogs ? '; below once more with JSON access logs in every gateway' : ''}.

${goalTable(results, false)}
${withLogs ? `\n### With JSON access logs\n\n${goalTable(results, true)}\n` : ''}
A dash: not measured in this run, or the gateway cannot do it.

${spentOn}
## How to repeat

\`\`\`sh
npm run bench:peers                # Traefik, Envoy, Caddy and nginx; names what the distribution has to add
npm run bench -- all               # every suite, then this page
npm run bench -- http1 --seconds=5 # one suite; npm run bench lists them and their options
\`\`\`

The gateway runs on core 0, load and upstream on core 1 (taskset); peers get one core as well (\`GOMAXPROCS=1\`,
\`--concurrency 1\`, \`worker_processes 1\`, \`nbthread 1\`). Every gateway has the same routers (Host && PathPrefix) and two
replicas, and keeps upstream connections. CPU is user and system time of the gateway's processes from /proc/PID/stat. All
gateways run at the same time and are measured in turns after a warm-up; the median of the rounds counts. Berth is started
from source and gets its routes from labels of containers. Peers' configurations stand in test/bench/gateways/.

## Machine and versions

${machineOf(stored)}

## Results

${stored.map(section).join('\n\n')}
`;
}

function goalTable(results: Results, logs: boolean): string {
  const lines = goals.flatMap((goal) => {
    if (logs && !isMeasured(goal, results)) return [];
    return settings.map((own) => toLine(goal, own, goal.judge(own, results, logs)));
  });
  return [
    '| work | goal | | figure | beside (ratio) | reached |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

/** Only a few suites are run with logs. */
function isMeasured(goal: Goal, results: Results): boolean {
  return settings.some((own) => !Number.isNaN(goal.judge(own, results, true).figure));
}

function toLine({ work, goal }: Goal, own: string, { figure, beside }: Judgement): string {
  const others = beside.map(
    (other) =>
      `${other.name} ${toFigure(other.figure)}${Number.isNaN(other.ratio) ? '' : ` (${toFigure(other.ratio)})`}`,
  );
  const verdicts = beside.map(({ reached }) => reached);
  const reached = verdicts.includes(undefined) ? '-' : verdicts.includes(false) ? 'no' : 'yes';
  return `| ${[work, goal, own, toFigure(figure), others.join(', '), reached].join(' | ')} |`;
}

function machineOf(stored: readonly StoredComparison[]): string {
  const versions = Object.assign({}, ...stored.map((one) => one.versions)) as Record<string, string>;
  const machines = new Set(
    stored.map(
      ({ machine: { cpu, cores, kernel, node } }) => `${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}`,
    ),
  );
  const peers = Object.entries(versions).filter(
    ([name, version]) => version !== '-' && name !== 'Berth (Fastify lane)',
  );
  return `${[...machines].join('; ')}.\n\n${peers.map(([name, version]) => `${name} ${version}`).join(' · ')}`;
}

function section({ name, method, measures, options, rows, at, machine, foreign }: StoredComparison): string {
  const table = toTable(measures, rows);
  const columns = Object.keys(table[0] ?? {});
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `### ${name}${options.logs ? ', with JSON access logs' : ''}`,
    '',
    `${method} ${options.rounds} rounds of ${options.seconds} s, ${at.slice(0, 16).replace('T', ' ')} UTC, commit ${machine.commit}; other programs took ${toFigure(foreign * 100)} % of a core meanwhile.`,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...table.map((row) => line(columns.map((column) => row[column] ?? '-'))),
  ].join('\n');
}
