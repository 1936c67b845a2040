// Runs a scenario against every gateway that is installed: all are started, warmed up, then measured in turns; the
// medians of the rounds count. A gateway that cannot do it is shown as `-` with the reason on standard error.
import { mkdtempSync, rmSync } from 'node:fs';
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
import { cpuMicros, gatewayCore, machineMicros, pinSuite, residentBytes } from './processes.ts';
import { type Measure, type ResultRow, reportComparison } from './report-comparison.ts';
import type { Gateway, RunningGateway, Site } from './site.ts';
import { medians } from './statistics.ts';
import { startNginxUpstream, type Upstream } from './upstream.ts';

export type Figures = Readonly<Record<string, number>>;

/** What a load has done; the runner adds `cpu`, microseconds for each piece of work, and `rss`, megabytes. */
export type Load = { readonly done: number; readonly figures: Figures };

/** What a load is sent to. */
export type Target = Omit<RunningGateway, 'close'> & {
  readonly site: Site;
  /** Name of the case. */
  readonly case: string;
};

export type Case = {
  /** Empty when there is only one. */
  readonly name: string;
  readonly site?: Partial<Omit<Site, 'tls' | 'replicas'>>;
  /** In place of those of the scenario. */
  readonly gateways?: readonly Gateway[];
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
  /** Each round starts the gateways anew, for figures that do not come back, as memory. */
  readonly fresh?: boolean;
  /** One measurement of so many seconds. */
  readonly load: (target: Target, seconds: number, options: BenchOptions) => Promise<Load>;
  /** Sent before the first round in place of the load. */
  readonly warmUp?: (target: Target, seconds: number, options: BenchOptions) => Promise<unknown>;
  /** Pure: figures that follow from the others. */
  readonly derive?: (figures: Figures) => Figures;
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
  readonly site: Site;
  readonly rounds: Figures[];
  /** Undefined while it does not run. */
  running: RunningGateway | undefined;
};

type Run = { readonly scenario: Scenario; readonly options: BenchOptions; readonly folder: string };

/** Runs the scenario, prints its table and writes its JSON. */
export async function runComparison(scenario: Scenario, args: readonly string[]): Promise<void> {
  const options = parseBenchOptions(args);
  pinSuite();
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'));
  const run = { scenario, options, folder };
  let upstream: Upstream | undefined;
  let contestants: readonly Contestant[] = [];
  const others = watchOthers();
  try {
    upstream = await (scenario.upstream ?? startNginxUpstream)(folder);
    contestants = enter(run, upstream.ports);
    await (scenario.fresh ? runFresh(run, contestants) : runTogether(run, contestants));
  } finally {
    for (const contestant of contestants) await stop(contestant);
    await upstream?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  reportComparison({
    ...{ ...scenario, options, foreign: others() },
    rows: contestants.map(toRow),
    versions: versionsOf(contestants),
  });
}

/** Gives the CPU time of programs that are not the suite's since now, as a share of one core. */
function watchOthers(): () => number {
  const take = () => ({ at: performance.now(), micros: machineMicros() - cpuMicros(process.pid) });
  const before = take();
  return () => {
    const after = take();
    return (after.micros - before.micros) / ((after.at - before.at) * 1_000);
  };
}

function enter({ scenario, options, folder }: Run, replicas: readonly number[]): readonly Contestant[] {
  const common: Site = {
    replicas,
    protocol: 'http',
    pathPrefix: '/api',
    path: '/api/v1/speech',
    routers: 1,
    workers: 1,
    cores: gatewayCore,
    logs: options.logs,
    tls: scenario.tls ? makeCertificate(folder) : undefined,
  };
  const gatewaysOf = (one: Case) =>
    (one.gateways ?? scenario.gateways ?? allGateways).filter(({ name }) =>
      isNamed(name, options.only, 'startsWith'),
    );
  const cases: readonly Case[] = scenario.cases ?? [{ name: '' }];
  const wanted = cases.filter(({ name }) => isNamed(name, options.cases, 'includes'));
  return wanted.flatMap((one) =>
    gatewaysOf(one).map((gateway) => ({
      ...{ gateway, case: one, site: { ...common, ...one.site }, rounds: [] },
      running: undefined,
    })),
  );
}

/** All are when none is asked for. */
function isNamed(name: string, asked: readonly string[], how: 'includes' | 'startsWith'): boolean {
  return asked.length === 0 || asked.some((part) => name.toLowerCase()[how](part));
}

async function runTogether(run: Run, contestants: readonly Contestant[]): Promise<void> {
  for (const contestant of contestants) await start(run, contestant);
  for (const contestant of contestants) await warmUp(run, contestant);
  for (let round = 0; round < run.options.rounds; round++) {
    for (const contestant of contestants) await measure(run, contestant);
  }
}

async function runFresh(run: Run, contestants: readonly Contestant[]): Promise<void> {
  for (let round = 0; round < run.options.rounds; round++) {
    for (const contestant of contestants) {
      await start(run, contestant);
      await warmUp(run, contestant);
      await measure(run, contestant);
      await stop(contestant);
    }
  }
}

/** The 404s of the first moments are over when the last router answers. */
async function start({ folder }: Run, contestant: Contestant): Promise<void> {
  const { gateway, site } = contestant;
  if (gateway.version() === undefined) return;
  const running = await gateway.start(site, mkdtempSync(join(folder, 'gateway-')));
  contestant.running = running;
  try {
    await until(`${gateway.name} answers`, () => probe(running.port, site), readinessMs(site));
  } catch (error) {
    complain(gateway, error);
    await stop(contestant);
  }
}

/** How long a gateway may take until it serves: 100,000 routers take their time, and so does everything on a busy machine. */
const readinessMs = ({ routers }: Site) => 60_000 + 2 * routers;

async function stop(contestant: Contestant): Promise<void> {
  await contestant.running?.close();
  contestant.running = undefined;
}

async function warmUp({ scenario, options }: Run, contestant: Contestant): Promise<void> {
  const target = toTarget(contestant);
  if (target === undefined || options.warmUpSeconds === 0) return;
  try {
    await (scenario.warmUp ?? scenario.load)(target, options.warmUpSeconds, options);
  } catch (error) {
    complain(contestant.gateway, error);
  }
}

async function measure({ scenario, options }: Run, contestant: Contestant): Promise<void> {
  const target = toTarget(contestant);
  if (target === undefined) return;
  const before = cpuMicros(target.pid);
  try {
    const { done, figures } = await scenario.load(target, options.seconds, options);
    const cpu = (cpuMicros(target.pid) - before) / done;
    const all = { cpu, rss: residentBytes(target.pid) / 1e6, ...figures };
    contestant.rounds.push({ ...all, ...scenario.derive?.(all) });
  } catch (error) {
    complain(contestant.gateway, error);
  }
}

function toTarget({ running, site, case: { name } }: Contestant): Target | undefined {
  return running && { ...running, site, case: name };
}

function complain({ name }: Gateway, error: unknown): void {
  const reason =
    error instanceof Error ? `${error.message}\n${error.cause ?? error.stack ?? ''}` : String(error);
  process.stderr.write(`${name}: ${reason}\n`);
}

function toRow({ gateway, case: one, rounds }: Contestant): ResultRow {
  return { case: one.name, gateway: gateway.name, figures: medians(rounds), rounds };
}

function versionsOf(contestants: readonly Contestant[]): Record<string, string> {
  return Object.fromEntries(
    contestants.map(({ gateway }) => [gateway.name, gateway.version() ?? 'not installed']),
  );
}
