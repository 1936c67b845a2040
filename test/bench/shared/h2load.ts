// h2load, the load of HTTP/2 suites, and of those at a fixed rate. Latencies are from its log, in milliseconds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Load, Target } from './comparison.ts';
import { runLoad } from './processes.ts';
import { askedHost } from './site.ts';
import { percentile } from './statistics.ts';

export type H2LoadOptions = {
  readonly connections: number;
  /** Requests under way on a connection; 1 if absent. */
  readonly streams?: number;
  /** Over HTTP/1.1. */
  readonly http1?: boolean;
  /** Requests per second of all connections together; as fast as answers come if absent. */
  readonly rate?: number;
  /** A body, with which the method is POST. */
  readonly body?: Uint8Array;
  readonly headers?: readonly string[];
  /** Failures are counted in place of thrown. */
  readonly mayFail?: boolean;
};

/** Runs it. @throws when an answer was not 2xx, unless it may be. */
export async function runH2Load(
  { port, site }: Target,
  seconds: number,
  options: H2LoadOptions,
): Promise<Load> {
  const { connections, streams = 1, http1 = false, rate, body, headers = [], mayFail = false } = options;
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-h2load-'));
  const logFile = join(folder, 'log');
  const bodyFile = join(folder, 'body');
  if (body !== undefined) writeFileSync(bodyFile, body);
  const args = [
    ...['-t1', `-c${connections}`, `-m${streams}`, `-D${seconds}`, `--log-file=${logFile}`],
    `--connect-to=127.0.0.1:${port}`,
    ...(http1 ? ['--h1'] : []),
    ...(rate === undefined ? [] : [`--rps=${rate / connections}`]),
    ...(body === undefined ? [] : ['-d', bodyFile]),
    ...headers.flatMap((field) => ['-H', field]),
    `${site.tls ? 'https' : 'http'}://${askedHost(site)}${site.path}`,
  ];
  try {
    const stdout = await runLoad('h2load', args, seconds);
    const load = parseH2Load(stdout, readFileSync(logFile, 'latin1'));
    if (load.done === 0 || (load.figures['failed'] !== 0 && !mayFail))
      throw new Error(`Failures:\n${stdout}`);
    return load;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads what h2load prints and its log: start, status and duration in microseconds by line. `done` counts 2xx. */
export function parseH2Load(text: string, log: string): Load {
  const count = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const done = count(/status codes: (\d+) 2xx/);
  const wrong = count(/, (\d+) 3xx/) + count(/, (\d+) 4xx/) + count(/, (\d+) 5xx/);
  const lines = log.split('\n').map((line) => line.split('\t'));
  const durations = Float64Array.from(
    lines.filter(([, status = '']) => status.startsWith('2')),
    ([, , duration]) => Number(duration) / 1_000,
  ).sort();
  return {
    done,
    figures: {
      rate: count(/, ([\d.]+) req\/s/),
      p50: percentile(durations, 0.5),
      p99: percentile(durations, 0.99),
      failed: wrong + count(/ (\d+) errored/),
    },
  };
}
