// One worker on one core against two workers on two cores.
import { berth, berthFastify } from './gateways/berth.ts';
import { envoy } from './gateways/envoy.ts';
import { haproxy } from './gateways/haproxy.ts';
import { nginx } from './gateways/nginx.ts';
import { traefik } from './gateways/traefik.ts';
import { cpuPerRequest, runComparison, type Scenario } from './shared/comparison.ts';
import { threadMicros } from './shared/processes.ts';
import { runWrk } from './shared/wrk.ts';

const scenario: Scenario = {
  name: 'workers',
  method:
    'wrk, keep-alive, 1 KiB answers, 512 connections (the kernel spreads them by a hash: the fewer, the less evenly). Load and upstream share the second core, so the rate of two workers is not what two free cores would give: what counts is the work done per second of CPU, and how evenly the two busiest threads (processes) share it. evenness: their sum ÷ twice the larger.',
  measures: [
    cpuPerRequest,
    { name: 'evenness', label: 'evenness', better: 'more' },
    { name: 'rate', label: 'requests/s', better: 'more' },
    { name: 'p99', label: 'p99 ms', better: 'less' },
  ],
  gateways: [berth, berthFastify, nginx, haproxy, envoy, traefik],
  cases: [
    { name: '1 worker', site: { workers: 1, cores: '0' } },
    { name: '2 workers', site: { workers: 2, cores: '0,1' } },
  ],
  async load(target, seconds) {
    const before = threadMicros(target.pid);
    const { done, figures } = await runWrk(target, seconds, { connections: 512 });
    const spent = [...threadMicros(target.pid)].map(([thread, micros]) => micros - (before.get(thread) ?? 0));
    const [first = 0, second = 0] = spent.toSorted((one, other) => other - one);
    return { done, figures: { ...figures, evenness: (first + second) / (2 * first) } };
  },
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
