// Runs a scenario against every gateway that is installed: all are started, warmed up, then measured in turns; the
// medians of the rounds count. A gateway that cannot do it is shown as `-` with the reason on standard error.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/until.ts';
import { berth, berthFastify } from '../gateways/berth.ts';
import { caddy } from '../gateways/caddy.ts';
import { envoy } from '../gateways/envoy.ts';
import { haproxy } from '../gateways/haproxy.ts';
import { nginx } from '../gateways/nginx.ts';
import { traefik } from '../gateways/traefik.ts';
import { makeCertificate } from './certificate.ts';
import { type BenchOptions, parseBenchOptions } from './options.ts';
import { probe } from './probe.ts';
import { cpuMicros, gatewayCore, pinSuite, residentBytes } from './processes.ts';
import { type Measure, type ResultRow, reportComparison } from './report-comparison.ts';
import type { Gateway, RunningGateway, Site } from './site.ts';
import { medians } from './statistics.ts';
import { startNginxUpstream, type Upstream } from './upstream.ts';

export type Figures = Readonly<Record<string, number>>;

/** What a load has done; the runner adds `cpu`, microseconds for each piece of work, and `rss`, megabytes. */
export type Load = { readonly done: number; readonly figures: Figures };

/** What a load is sent to. */
export type Target = Omit<RunningGateway, 'close'> & { readonly site: Site };

export type Case = {
  /** Empty when there is only one. */
  readonly name: string;
  readonly site?: Partial<Omit<Site, 'tls'>>;
};

export type Scenario = {
  readonly name: string;
  /** One sentence for tables: what was measured, and how. */
  readonly method: string;
  /** Columns; the first is the figure that ratios compare. */
  readonly measures: readonly Measure[];
  readonly gateways?: readonly Gateway[];
  readonly cases?: readonly Case[];
  readonly tls?: boolean;
  /** nginx with 1 KiB answers, if absent. */
  readonly upstream?: (folder: string) => Promise<Upstream>;
  /** One measurement of so many seconds. */
  readonly load: (target: Target, seconds: number, options: BenchOptions) => Promise<Load>;
  /** Sent before the first round in place of the load, for loads that do not end by time. */
  readonly warmUp?: (target: Target, options: BenchOptions) => Promise<unknown>;
};

/** In the order of tables. */
export const allGateways: readonly Gateway[] = [berth, berthFastify, nginx, haproxy, envoy, traefik, caddy];

export const cpuPerRequest: Measure = { name: 'cpu', label: 'CPU µs per request', better: 'less' };
/** Columns of suites that send requests as fast as answers come. */
export const requestMeasures: readonly Measure[] = [
  cpuPerRequest,
  { name: 'rate', label: 'requests/s', better: 'more' },
  { name: 'p50', label: 'p50 ms', better: 'less' },
  { name: 'p99', label: 'p99 ms', better: 'less' },
  { name: 'rss', label: 'RSS MB', better: 'less' },
  { name: 'failed', label: 'failed', better: 'less' },
];

type Contestant = {
  readonly gateway: Gateway;
  readonly case: Case;
  readonly rounds: Figures[];
  readonly target?: Target;
  readonly close: () => Promise<void>;
};

/** Runs the scenario, prints its table and writes its JSON. */
export async function runComparison(scenario: Scenario, args: readonly string[]): Promise<void> {
  const options = parseBenchOptions(args);
  pinSuite();
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  const closers: (() => Promise<void>)[] = [];
  const contestants: Contestant[] = [];
  try {
    const upstream = await (scenario.upstream ?? startNginxUpstream)(folder);
    closers.push(upstream.close);
    const tls = scenario.tls ? makeCertificate(folder) : undefined;
    for (const one of scenario.cases ?? [{ name: '' }]) {
      const site: Site = {
        replicas: upstream.ports,
        protocol: 'http',
        routers: 1,
        workers: 1,
        cores: gatewayCore,
        logs: options.logs,
        tls,
        ...one.site,
      };
      for (const gateway of chosen(scenario.gateways ?? allGateways, options)) {
        const contestant = await start(gateway, one, site, folder);
        closers.push(contestant.close);
        contestants.push(contestant);
      }
    }
    for (const contestant of contestants) await warmUp(scenario, contestant, options);
    for (let round = 0; round < options.rounds; round++) {
      for (const contestant of contestants) await measure(scenario, contestant, options);
    }
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
  reportComparison({ ...scenario, options, rows: contestants.map(toRow), versions: versionsOf(contestants) });
}

function chosen(gateways: readonly Gateway[], { only }: BenchOptions): readonly Gateway[] {
  if (only.length === 0) return gateways;
  return gateways.filter(({ name }) => only.some((wanted) => name.toLowerCase().startsWith(wanted)));
}

/** The 404s of the first moments are over when the last router answers. */
async function start(gateway: Gateway, one: Case, site: Site, folder: string): Promise<Contestant> {
  const nothing = { gateway, case: one, rounds: [], close: async () => {} };
  if (gateway.version() === undefined) return nothing;
  const home = mkdtempSync(join(folder, 'gateway-'));
  mkdirSync(home, { recursive: true });
  const running = await gateway.start(site, home);
  try {
    await until(`${gateway.name} answers`, () => probe(running.port, site), readinessMs(site));
    return { ...nothing, target: { ...running, site }, close: running.close };
  } catch (error) {
    complain(gateway, error);
    await running.close();
    return nothing;
  }
}

/** How long a gateway may take until it serves: 100,000 routers take their time. */
const readinessMs = ({ routers }: Site) => 10_000 + 2 * routers;

async function warmUp(scenario: Scenario, contestant: Contestant, options: BenchOptions): Promise<void> {
  const { target, gateway } = contestant;
  if (target === undefined || options.warmUpSeconds === 0) return;
  try {
    await (scenario.warmUp?.(target, options) ?? scenario.load(target, options.warmUpSeconds, options));
  } catch (error) {
    complain(gateway, error);
  }
}

async function measure(scenario: Scenario, contestant: Contestant, options: BenchOptions): Promise<void> {
  const { target, gateway, rounds } = contestant;
  if (target === undefined) return;
  const before = cpuMicros(target.pid);
  try {
    const { done, figures } = await scenario.load(target, options.seconds, options);
    const cpu = (cpuMicros(target.pid) - before) / done;
    rounds.push({ cpu, rss: residentBytes(target.pid) / 1e6, ...figures });
  } catch (error) {
    complain(gateway, error);
  }
}

function complain({ name }: Gateway, error: unknown): void {
  process.stderr.write(
    `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

function toRow({ gateway, case: one, rounds }: Contestant): ResultRow {
  return { case: one.name, gateway: gateway.name, figures: medians(rounds), rounds };
}

function versionsOf(contestants: readonly Contestant[]): Record<string, string> {
  return Object.fromEntries(
    contestants.map(({ gateway }) => [gateway.name, gateway.version() ?? 'not installed']),
  );
}
