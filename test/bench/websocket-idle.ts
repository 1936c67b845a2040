// What an idle WebSocket costs a gateway: resident memory of 6,000 open ones, beside all peers.
import { setTimeout as pause } from 'node:timers/promises';
import { runComparison, type Scenario } from './shared/comparison.ts';
import { residentBytes } from './shared/processes.ts';
import { startScriptUpstream } from './shared/upstream.ts';
import { closeAll, openWebSockets } from './shared/websocket-client.ts';

const count = 6_000;
const warmUpCount = 500;
/** Until memory of handshakes and of closed connections has been given back, as far as it is. */
const settleMs = 6_000;

const scenario: Scenario = {
  name: 'websocket-idle',
  method: `VmRSS of a fresh process with ${count} open WebSockets minus that after ${warmUpCount} were opened and closed, by WebSocket; 6 s of rest before each figure, in which runtimes collect their garbage.`,
  measures: [
    { name: 'each', label: 'KB each', better: 'less' },
    { name: 'before', label: 'RSS MB before', better: 'less' },
    { name: 'rss', label: 'RSS MB with all open', better: 'less' },
    { name: 'cpu', label: 'CPU µs to open one', better: 'less' },
  ],
  upstream: () => startScriptUpstream('websocket.ts'),
  fresh: true,
  async warmUp(target) {
    await closeAll(await openWebSockets(target, warmUpCount));
  },
  async load(target) {
    await pause(settleMs);
    const before = residentBytes(target.pid);
    const sockets = await openWebSockets(target, count);
    await pause(settleMs);
    const rss = residentBytes(target.pid);
    await closeAll(sockets);
    return {
      done: count,
      figures: { each: (rss - before) / count / 1_024, before: before / 1e6, rss: rss / 1e6 },
    };
  },
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
