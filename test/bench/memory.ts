// Resident memory at rest, 5 seconds after load over 64 and over 1,000 connections, beside all peers.
import { setTimeout as pause } from 'node:timers/promises';
import { runComparison, type Scenario } from './shared/comparison.ts';
import { proportionalBytes, residentBytes } from './shared/processes.ts';
import { runWrk } from './shared/wrk.ts';

/** Idle time before the figure is taken. */
const restMs = 5_000;

const scenario: Scenario = {
  name: 'memory',
  method:
    'VmRSS of a fresh process: before any load, and 5 s after wrk (half of the time over 64, half over 1,000 connections) has ended. Pages shared by processes count for each in RSS, and once in PSS.',
  measures: [
    { name: 'rest', label: 'RSS MB at rest after load', better: 'less' },
    { name: 'pss', label: 'PSS MB at rest after load', better: 'less' },
    { name: 'started', label: 'RSS MB before load', better: 'less' },
    { name: 'loaded', label: 'RSS MB at the end of load', better: 'less' },
  ],
  fresh: true,
  warmUp: async () => {},
  async load(target, seconds) {
    const started = residentBytes(target.pid) / 1e6;
    const few = await runWrk(target, Math.ceil(seconds / 2), { connections: 64 });
    const many = await runWrk(target, Math.ceil(seconds / 2), { connections: 1_000 });
    const loaded = residentBytes(target.pid) / 1e6;
    await pause(restMs);
    const rest = residentBytes(target.pid) / 1e6;
    const pss = proportionalBytes(target.pid) / 1e6;
    return { done: few.done + many.done, figures: { started, loaded, rest, pss } };
  },
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
