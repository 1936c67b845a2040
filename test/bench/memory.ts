// Resident memory at rest, 5 seconds after load over 64 connections, and after load over 1,000, beside all peers.
import { setTimeout as pause } from 'node:timers/promises';
import { runComparison, type Scenario } from './shared/comparison.ts';
import { proportionalBytes, residentBytes } from './shared/processes.ts';
import { runWrk } from './shared/wrk.ts';

/** Idle time before a figure is taken. */
const restMs = 5_000;

const scenario: Scenario = {
  name: 'memory',
  method:
    'VmRSS of a fresh process: before any load, 5 s after wrk over 64 connections, and 5 s after wrk over 1,000. All processes of a gateway together (Berth has two with one worker, nginx two): pages that they share, as those of the program itself, count for each in RSS, and once in PSS.',
  measures: [
    { name: 'rest', label: 'RSS MB at rest after load', better: 'less' },
    { name: 'pss', label: 'PSS MB at rest after load', better: 'less' },
    { name: 'started', label: 'RSS MB before load', better: 'less' },
    { name: 'many', label: 'RSS MB at rest after 1,000 connections', better: 'less' },
  ],
  fresh: true,
  warmUp: async () => {},
  async load(target, seconds) {
    const started = residentBytes(target.pid) / 1e6;
    const few = await runWrk(target, seconds, { connections: 64 });
    await pause(restMs);
    const rest = residentBytes(target.pid) / 1e6;
    const pss = proportionalBytes(target.pid) / 1e6;
    const more = await runWrk(target, seconds, { connections: 1_000 });
    await pause(restMs);
    const many = residentBytes(target.pid) / 1e6;
    return { done: few.done + more.done, figures: { started, rest, pss, many } };
  },
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
