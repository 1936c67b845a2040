// 1,000 audio streams at the same time: first byte, delay of each chunk on its way, and the gaps between chunks.
import { Agent, type ClientRequest, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { chunkBytes, chunkMs, probePath } from './shared/audio-chunk.ts';
import { allGateways, runComparison, type Scenario, type Target } from './shared/comparison.ts';
import { askedHost, type Gateway } from './shared/site.ts';
import { percentile } from './shared/statistics.ts';
import { startScriptUpstream } from './shared/upstream.ts';

const streams = 1_000;
/** A new stream begins every so often, so that first bytes are not those of a flood. */
const startIntervalMs = 2;
const audioPath = '/api/v1/audio';

/** The upstream itself: what client and upstream cost without a gateway between them. */
const none: Gateway = {
  name: 'no gateway',
  version: () => '-',
  start: async ({ replicas: [port = 0] }) => ({ port, pid: -1, close: async () => {} }),
};

const scenario: Scenario = {
  name: 'streaming',
  method: `${streams} chunked responses of ${chunkBytes} bytes every ${chunkMs} ms (24 kHz s16le). delay: chunk written by the upstream → whole at the client; gap: between two chunks of a stream. Client and upstream are Node and share the second core; the row without a gateway shows what they take.`,
  measures: [
    { name: 'delay99', label: 'delay p99 ms', better: 'less' },
    { name: 'delay50', label: 'delay p50 ms', better: 'less' },
    { name: 'first50', label: 'first byte p50 ms', better: 'less' },
    { name: 'first99', label: 'first byte p99 ms', better: 'less' },
    { name: 'gap99', label: 'gap p99 ms', better: 'less' },
    { name: 'cpu', label: 'CPU µs per chunk', better: 'less' },
    { name: 'rss', label: 'RSS MB', better: 'less' },
  ],
  gateways: [...allGateways, none],
  cases: [{ name: '', site: { path: probePath } }],
  upstream: () => startScriptUpstream('audio.ts'),
  warmUp: async () => {},
  load: listen,
};

type Samples = { readonly first: number[]; readonly delay: number[]; readonly gap: number[] };

async function listen(target: Target, seconds: number) {
  const samples: Samples = { first: [], delay: [], gap: [] };
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
  const requests: ClientRequest[] = [];
  const faults: string[] = [];
  for (let stream = 0; stream < streams; stream++) {
    requests.push(open(target, agent, samples, faults));
    await pause(startIntervalMs);
  }
  await pause(seconds * 1_000);
  const broken = [...faults];
  for (const request of requests) request.destroy();
  agent.destroy();
  if (broken.length > 0 || samples.first.length < streams)
    throw new Error(`${samples.first.length} of ${streams} streams; ${broken[0] ?? ''}`);
  const figure = (values: readonly number[], share: number) =>
    percentile(
      values.toSorted((one, other) => one - other),
      share,
    );
  return {
    done: samples.delay.length,
    figures: {
      first50: figure(samples.first, 0.5),
      first99: figure(samples.first, 0.99),
      delay50: figure(samples.delay, 0.5),
      delay99: figure(samples.delay, 0.99),
      gap99: figure(samples.gap, 0.99),
    },
  };
}

function open({ port, site }: Target, agent: Agent, samples: Samples, faults: string[]): ClientRequest {
  const askedAt = performance.now();
  const request = get({
    port,
    host: '127.0.0.1',
    path: audioPath,
    agent,
    headers: { host: askedHost(site) },
  });
  request.on('error', (error) => faults.push(error.message));
  request.on('response', (response) => {
    if (response.statusCode !== 200) faults.push(`status ${response.statusCode}`);
    response.on('error', (error) => faults.push(error.message));
    response.once('data', () => samples.first.push(performance.now() - askedAt));
    response.on('data', chunkReader(samples));
  });
  return request;
}

/** Takes the bytes of one stream, however they are cut. */
function chunkReader({ delay, gap }: Samples): (bytes: Buffer) => void {
  const stamp = Buffer.alloc(8);
  let filled = 0;
  let lastAt = Number.NaN;
  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      if (filled < stamp.length) bytes.copy(stamp, filled, at, at + stamp.length - filled);
      const taken = Math.min(chunkBytes - filled, bytes.length - at);
      filled += taken;
      at += taken;
      if (filled < chunkBytes) continue;
      filled = 0;
      const now = Number(process.hrtime.bigint() - stamp.readBigInt64LE()) / 1e6;
      delay.push(now);
      const arrivedAt = performance.now();
      if (!Number.isNaN(lastAt)) gap.push(arrivedAt - lastAt);
      lastAt = arrivedAt;
    }
  };
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
