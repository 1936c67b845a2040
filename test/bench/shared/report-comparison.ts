// What a comparison reports: a table with the ratio to each peer on the terminal, and JSON for docs/performance.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { resultsFolder } from '../../support/bench-report.ts';
import type { BenchOptions } from './options.ts';
import { toFigure } from './statistics.ts';

export type Measure = { readonly name: string; readonly label: string; readonly better: 'less' | 'more' };

export type ResultRow = {
  readonly case: string;
  readonly gateway: string;
  /** Medians; empty when the gateway was not measured. */
  readonly figures: Readonly<Record<string, number>>;
  readonly rounds: readonly Readonly<Record<string, number>>[];
};

/** What the JSON file of a suite holds. */
export type Comparison = {
  readonly name: string;
  readonly method: string;
  readonly measures: readonly Measure[];
  readonly options: BenchOptions;
  readonly rows: readonly ResultRow[];
  readonly versions: Readonly<Record<string, string>>;
  /** CPU time that other programs of the machine took meanwhile, as a share of one core. */
  readonly foreign: number;
};

export type StoredComparison = Comparison & {
  readonly at: string;
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly kernel: string;
    /** Of this repository; empty when git does not know it. */
    readonly commit: string;
  };
};

/** Where the JSON of a suite lies. */
export function resultFile(suite: string, logs: boolean): string {
  return join(resultsFolder, `comparison-${suite}${logs ? '-logs' : ''}.json`);
}

/** Prints the table and writes the JSON. */
export function reportComparison(comparison: Comparison): void {
  const { name, method, measures, options, rows, versions, foreign } = comparison;
  const { seconds, rounds, logs } = options;
  process.stdout.write(
    `\n${name}: ${method} ${rounds} rounds of ${seconds} s${logs ? ', with access logs' : ''}.\n`,
  );
  console.table(toTable(measures, rows));
  process.stdout.write(`Other programs took ${toFigure(foreign * 100)} % of a core meanwhile.\n`);
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    kernel: release(),
    commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout?.trim() ?? '',
  };
  const stored: StoredComparison = {
    ...{ name, method, measures, options, rows, versions, foreign },
    at: new Date().toISOString(),
    machine,
  };
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(resultFile(name, logs), `${JSON.stringify(stored, undefined, 2)}\n`);
}

/** Pure: absolute figures, and Berth's first measure divided by each row's of the same case, for each setting of Berth. */
export function toTable(measures: readonly Measure[], rows: readonly ResultRow[]): Record<string, string>[] {
  const [main] = measures;
  const several = rows.some((row) => row.case !== '');
  const settings = [...new Set(rows.map(({ gateway }) => gateway))].filter((name) =>
    name.startsWith('Berth'),
  );
  return rows.map((row) => ({
    ...(several ? { case: row.case } : {}),
    gateway: row.gateway,
    ...Object.fromEntries(measures.map(({ name, label }) => [label, toFigure(row.figures[name])])),
    ...Object.fromEntries(
      settings.map((setting) => {
        const own = rows.find((other) => other.gateway === setting && other.case === row.case);
        return [`${setting} ÷`, toFigure(ratio(own, row, main?.name ?? ''))];
      }),
    ),
  }));
}

/** NaN when one of them was not measured. */
export function ratio(own: ResultRow | undefined, other: ResultRow | undefined, measure: string): number {
  return (own?.figures[measure] ?? Number.NaN) / (other?.figures[measure] ?? Number.NaN);
}
