// Another configuration every 100 ms under load: the slowest percent beside that of a steady time, and failures.
import { setTimeout as pause } from 'node:timers/promises';
import { berth, berthFastify } from './gateways/berth.ts';
import { caddy } from './gateways/caddy.ts';
import { envoy } from './gateways/envoy.ts';
import { nginx } from './gateways/nginx.ts';
import { traefik } from './gateways/traefik.ts';
import { runComparison, type Scenario, type Target } from './shared/comparison.ts';
import { runH2Load } from './shared/h2load.ts';
import { cpuMicros } from './shared/processes.ts';

const intervalMs = 100;
/** Requests per second: well below what the slowest can do, since a queue at full load would hide the changes. */
const rate = 4_000;

const scenario: Scenario = {
  name: 'reload',
  method: `h2load over HTTP/1.1 at ${rate} requests/s; half of the time steady, half with an unrelated route added or removed every ${intervalMs} ms (Berth: a container starts or dies; Traefik: file provider without its throttle; Envoy: RDS from a file; Caddy: POST /load; nginx: SIGHUP).`,
  measures: [
    { name: 'ratio', label: 'p99 changing ÷ steady', better: 'less' },
    { name: 'p99', label: 'p99 ms changing', better: 'less' },
    { name: 'steady', label: 'p99 ms steady', better: 'less' },
    { name: 'p50', label: 'p50 ms changing', better: 'less' },
    { name: 'failed', label: 'failed', better: 'less' },
    { name: 'extra', label: 'CPU ms per change', better: 'less' },
  ],
  gateways: [berth, berthFastify, traefik, envoy, caddy, nginx],
  async load(target, seconds, { connections }) {
    const options = { connections, rate, http1: true, mayFail: true };
    const before = cpuMicros(target.pid);
    const steady = await runH2Load(target, seconds, options);
    const between = cpuMicros(target.pid);
    const changes = keepChanging(target);
    const changing = await runH2Load(target, seconds, options);
    const count = await changes.stop();
    const after = cpuMicros(target.pid);
    const [steadyP99 = 0, p99 = 0] = [steady, changing].map(({ figures }) => figures['p99']);
    return {
      done: steady.done + changing.done,
      figures: {
        ...changing.figures,
        steady: steadyP99,
        ratio: p99 / steadyP99,
        extra: (after - between - (between - before)) / count / 1_000,
      },
    };
  },
};

/** Changes the configuration at every interval until it is stopped; then leaves it as it was, and counts the changes. */
function keepChanging({ reconfigure }: Target): { stop(): Promise<number> } {
  let version = 0;
  let stopped = false;
  const loop = async () => {
    while (!stopped || version % 2 === 1) {
      version += 1;
      await reconfigure?.(version);
      await pause(intervalMs);
    }
  };
  const ended = loop();
  // It is awaited when the load has ended; until then it is no failure that nobody handles.
  ended.catch(() => {});
  return {
    async stop() {
      stopped = true;
      await ended;
      return version;
    },
  };
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
