// Runs every comparison, some once more with access logs everywhere, and writes docs/performance.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** In the order of docs/performance.md. */
export const comparisonSuites: readonly string[] = [
  'http1',
  'tls',
  'h2',
  'grpc',
  'handshakes',
  'churn',
  'websocket-idle',
  'websocket-echo',
  'match',
  'bodies',
  'streaming',
  'reload',
  'latency',
  'workers',
  'memory',
  'floods',
];

/** Those whose figure is the cost of a request, of which a line of the log may be a large part. */
const loggedSuites: readonly string[] = ['http1', 'tls', 'h2'];

/** Arguments: options of comparisons, passed on to each. A suite that fails does not end the others. */
export async function run(args: readonly string[]): Promise<void> {
  const runs = [
    ...comparisonSuites.map((suite) => [suite, ...args]),
    ...loggedSuites.map((suite) => [suite, '--logs', ...args]),
    ['report'],
  ];
  for (const argv of runs) {
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...argv], {
      stdio: 'inherit',
    });
    if (status !== 0) process.stderr.write(`${argv.join(' ')} ended with ${status}\n`);
  }
}
