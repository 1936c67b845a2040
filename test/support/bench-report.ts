// What a benchmark reports: a table on the terminal, and the same as JSON in .cache/bench/ for comparison.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** Where results lie. */
export const resultsFolder = join(import.meta.dirname, '../../.cache/bench');

export type Row = Readonly<Record<string, string | number>>;

/** Prints the rows and writes them with the time and the machine. `method` says how it was measured. */
export function reportBench(suite: string, method: string, rows: readonly Row[]): void {
  process.stdout.write(`\n${suite}: ${method}\n`);
  console.table(rows);
  mkdirSync(resultsFolder, { recursive: true });
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length };
  const report = { suite, at: new Date().toISOString(), machine, method, rows };
  writeFileSync(join(resultsFolder, `${suite}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
}

/** Median, slowest and number of samples in milliseconds, rounded to hundredths. */
export function summarise(samplesMs: readonly number[]): {
  readonly median: number;
  readonly max: number;
  readonly n: number;
} {
  const sorted = samplesMs.toSorted((one, other) => one - other);
  const round = (value: number | undefined) => Math.round((value ?? Number.NaN) * 100) / 100;
  return {
    median: round(sorted[Math.floor(sorted.length / 2)]),
    max: round(sorted.at(-1)),
    n: sorted.length,
  };
}
