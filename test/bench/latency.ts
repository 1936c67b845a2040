// What a gateway adds to the latency at half of its capacity, and at a rate that is the same for all.
import { type Case, runComparison, type Scenario, type Target } from './shared/comparison.ts';
import { runH2Load } from './shared/h2load.ts';
import { runWrk } from './shared/wrk.ts';

/** Requests per second of the second case. */
const commonRate = 4_000;
const halfLoad: Case = { name: 'half of its capacity' };
const sameLoad: Case = { name: `${commonRate}/s` };

/** Requests per second of each process at full load, by its id. */
const capacities = new Map<number, number>();

const scenario: Scenario = {
  name: 'latency',
  method:
    'h2load over HTTP/1.1 at a fixed rate, 64 connections, 1 KiB answers; added: percentile through the gateway minus the same percentile straight to the upstream at the same rate, measured one after the other. Capacity: rate of wrk during the warm-up.',
  measures: [
    { name: 'added99', label: 'added p99 ms', better: 'less' },
    { name: 'added50', label: 'added p50 ms', better: 'less' },
    { name: 'p99', label: 'p99 ms', better: 'less' },
    { name: 'direct99', label: 'p99 ms without gateway', better: 'less' },
    { name: 'rate', label: 'requests/s', better: 'more' },
    { name: 'cpu', label: 'CPU µs per request', better: 'less' },
  ],
  cases: [halfLoad, sameLoad],
  async warmUp(target, seconds, { connections }) {
    const { figures } = await runWrk(target, seconds, { connections });
    capacities.set(target.pid, figures['rate'] ?? 0);
  },
  async load(target, seconds, { connections }) {
    const rate = target.case === sameLoad.name ? commonRate : capacityOf(target) / 2;
    const options = { connections, rate, http1: true };
    const [port = 0] = target.site.replicas;
    const direct = await runH2Load({ ...target, port }, seconds, options);
    const through = await runH2Load(target, seconds, options);
    const added = (name: string) => (through.figures[name] ?? 0) - (direct.figures[name] ?? 0);
    return {
      done: through.done,
      figures: {
        ...through.figures,
        added99: added('p99'),
        added50: added('p50'),
        direct99: direct.figures['p99'] ?? Number.NaN,
      },
    };
  },
};

function capacityOf({ pid }: Target): number {
  const capacity = capacities.get(pid);
  if (capacity === undefined) throw new Error('Its capacity is not known: there was no warm-up.');
  return capacity;
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
