// What floods of hostile clients do to a client that does no harm, and to memory; one worker.
import { get } from 'node:http';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { flooderStartMs, floods } from './floods/floods.ts';
import { berth } from './gateways/berth.ts';
import { runComparison, type Scenario, type Target } from './shared/comparison.ts';
import { residentBytes, runLoad } from './shared/processes.ts';
import { askedHost } from './shared/site.ts';
import { percentile } from './shared/statistics.ts';
import { startScriptUpstream } from './shared/upstream.ts';

/** Between two requests of the harmless client, in each protocol. */
const askEveryMs = 20;
/** After the flood, until memory is looked at once more. */
const restMs = 3_000;
/** Between two looks at memory, each of which reads all of /proc. */
const watchEveryMs = 1_000;
/** A request that takes longer has failed. */
const silenceMs = 10_000;

const flooder = join(import.meta.dirname, 'floods/flooder.ts');

const scenario: Scenario = {
  name: 'floods',
  method: `a process floods the gateway as the name says, while another asks every ${askEveryMs} ms over HTTP/1.1 and over HTTP/2: what it waits for its answers is shown. All of them, and an upstream that is Node, share the second core. Memory: RSS more than before the flood, at its height and ${restMs / 1_000} s after it.`,
  measures: [
    { name: 'worst', label: 'slowest ms', better: 'less' },
    { name: 'p99', label: 'p99 ms', better: 'less' },
    { name: 'failed', label: 'failed', better: 'less' },
    { name: 'peak', label: 'MB more', better: 'less' },
    { name: 'after', label: 'MB more after', better: 'less' },
  ],
  gateways: [berth],
  cases: Object.keys(floods).map((name) => ({ name })),
  fresh: true,
  upstream: () => startScriptUpstream('websocket.ts'),
  warmUp: (target, seconds) => ask(target, seconds),
  async load(target, seconds) {
    const before = residentBytes(target.pid);
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentBytes(target.pid));
    }, watchEveryMs);
    const flood = runLoad(
      process.execPath,
      [flooder, target.case, String(target.port), String(seconds)],
      seconds,
    );
    await pause(flooderStartMs);
    const { took, failed } = await ask(target, seconds);
    await flood;
    clearInterval(watch);
    await pause(restMs);
    const sorted = took.toSorted((one, other) => one - other);
    return {
      done: took.length,
      figures: {
        ...{ worst: sorted.at(-1) ?? Number.NaN, p99: percentile(sorted, 0.99), failed },
        ...{ peak: (peak - before) / 1e6, after: (residentBytes(target.pid) - before) / 1e6 },
      },
    };
  },
};

/** What the harmless client saw: milliseconds of each answer, and how many requests got none. */
async function ask(target: Target, seconds: number): Promise<{ took: number[]; failed: number }> {
  const took: number[] = [];
  let failed = 0;
  const host = askedHost(target.site);
  const { path } = target.site;
  const session = connect(`http://127.0.0.1:${target.port}`).on('error', () => {});
  const note = async (answer: Promise<number | undefined>): Promise<void> => {
    const sentAt = performance.now();
    const status = await answer.catch(() => undefined);
    if (status === 200) took.push(performance.now() - sentAt);
    else failed += 1;
  };
  const asked: Promise<void>[] = [];
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    const http1 = new Promise<number | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: target.port, path, headers: { host }, timeout: silenceMs };
      const question = get(options, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)));
      question.on('timeout', () => question.destroy()).on('error', reject);
    });
    const http2 = new Promise<number | undefined>((resolve, reject) => {
      const stream = session.request({ ':path': path, ':authority': host });
      let status: number | undefined;
      stream.on('response', (fields) => {
        status = fields[':status'];
      });
      stream.setTimeout(silenceMs, () => stream.destroy());
      stream.on('error', reject).on('close', () => resolve(status));
      stream.resume();
    });
    asked.push(note(http1), note(http2));
    await pause(askEveryMs);
  }
  await Promise.all(asked);
  session.destroy();
  return { took, failed };
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
