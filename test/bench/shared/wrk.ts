// wrk, the load of HTTP/1.1 suites: one thread, keep-alive, as fast as answers come.
import type { Load, Target } from './comparison.ts';
import { runLoad } from './processes.ts';
import { askedHost } from './site.ts';

export type WrkOptions = { readonly connections: number; readonly headers?: readonly string[] };

/** Runs it. Latencies are milliseconds. @throws when an answer was not 200. */
export async function runWrk({ port, site }: Target, seconds: number, options: WrkOptions): Promise<Load> {
  const { connections, headers = [] } = options;
  const fields = [`Host: ${askedHost(site)}`, ...headers].flatMap((field) => ['-H', field]);
  const url = `${site.tls ? 'https' : 'http'}://localhost:${port}${site.path}`;
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', ...fields, url];
  return parseWrk(await runLoad('wrk', args, seconds));
}

/** Reads what wrk 4 prints with --latency. @throws when answers had another status than 2xx, or none. */
export function parseWrk(text: string): Load {
  const [, done, took, unit] = /(\d+) requests in ([\d.]+)(ms|s|m)/.exec(text) ?? [];
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  if (done === undefined || done === '0' || bad !== undefined)
    throw new Error(`Answers are not 200:\n${text}`);
  const errors = [...(/Socket errors: (.*)/.exec(text)?.[1] ?? '').matchAll(/\d+/g)];
  return {
    done: Number(done),
    figures: {
      rate: (Number(done) * 1_000) / toMs(Number(took), unit ?? 's'),
      p50: latency(text, '50'),
      p99: latency(text, '99'),
      failed: errors.reduce((sum, [count]) => sum + Number(count), 0),
    },
  };
}

function latency(text: string, share: string): number {
  const [, value, unit = ''] = new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s|m)`, 'm').exec(text) ?? [];
  return toMs(Number(value), unit);
}

function toMs(value: number, unit: string): number {
  const units: Readonly<Record<string, number>> = { us: 1_000, ms: 1, s: 1 / 1_000, m: 1 / 60_000 };
  return value / (units[unit] ?? Number.NaN);
}
