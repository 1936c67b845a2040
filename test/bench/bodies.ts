// A body of 1 GB down and up, with Content-Length and chunked: MB per second of one core, beside all peers.
import { truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runComparison, type Scenario, type Target } from './shared/comparison.ts';
import { runLoad } from './shared/processes.ts';
import { askedHost } from './shared/site.ts';
import { startScriptUpstream, type Upstream } from './shared/upstream.ts';

const bytes = 1_073_741_824;
const megabytes = bytes / 1e6;
/** A sparse file for uploads; its folder is removed with the suite's. */
let uploadFile = join(tmpdir(), 'nothing');

/** curl's arguments by case. */
const kinds: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'down, Content-Length': (path) => [`${path}?bytes=${bytes}`],
  'down, chunked': (path) => [`${path}?bytes=${bytes}&chunked`],
  'up, Content-Length': (path) => ['-H', 'Expect:', '-X', 'POST', '-T', uploadFile, path],
  'up, chunked': (path) => [
    ...['-H', 'Expect:', '-H', 'Transfer-Encoding: chunked', '-X', 'POST', '-T', uploadFile, path],
  ],
};

const scenario: Scenario = {
  name: 'bodies',
  method:
    'curl, one connection, 1 GiB; MB (1,000,000 bytes) by second of CPU of the gateway. nginx neither buffers requests nor writes temporary files.',
  measures: [
    { name: 'perCore', label: 'MB/s per core', better: 'more' },
    { name: 'wall', label: 'MB/s as seen by curl', better: 'more' },
    { name: 'rss', label: 'RSS MB', better: 'less' },
  ],
  cases: Object.keys(kinds).map((name) => ({ name })),
  async upstream(folder): Promise<Upstream> {
    uploadFile = join(folder, 'upload');
    writeFileSync(uploadFile, '');
    truncateSync(uploadFile, bytes);
    return startScriptUpstream('bodies.ts');
  },
  load: transfer,
  derive: ({ cpu = Number.NaN }) => ({ perCore: 1e6 / cpu }),
};

/** How long one body may take. */
const limitSeconds = 60;

async function transfer(target: Target) {
  const { port, site } = target;
  const args = kinds[target.case]?.(`http://127.0.0.1:${port}${site.path}`) ?? [];
  // Uploads are answered with the number of bytes that came; downloads are only counted.
  const isUpload = args.includes('-T');
  const written = '\n%{http_code} %{size_download} %{time_total}';
  const output = await runLoad(
    'curl',
    [
      '-s',
      ...(isUpload ? [] : ['-o', '/dev/null']),
      '-H',
      `Host: ${askedHost(site)}`,
      '-w',
      written,
      ...args,
    ],
    limitSeconds,
  );
  const [received, line = ''] = output.split('\n');
  const [status, downloaded, seconds = Number.NaN] = line.split(' ').map(Number);
  const moved = isUpload ? Number(received) : downloaded;
  if (status !== 200 || moved !== bytes) throw new Error(`The body was not whole: ${output}`);
  return { done: megabytes, figures: { wall: megabytes / seconds } };
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
