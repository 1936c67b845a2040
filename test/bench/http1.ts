// HTTP/1.1 keep-alive, 1 KiB answers: CPU per request, rate and latency, beside all peers.
import { requestMeasures, runComparison, type Scenario } from './shared/comparison.ts';
import { runWrk } from './shared/wrk.ts';

const scenario: Scenario = {
  name: 'http1',
  method: 'wrk with one thread, keep-alive, GET with 1 KiB answers of nginx on two ports.',
  measures: requestMeasures,
  load: (target, seconds, { connections }) => runWrk(target, seconds, { connections }),
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
