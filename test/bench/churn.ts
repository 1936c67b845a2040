// A new connection for every request, HTTP/1.1, 1 KiB answers, beside all peers.
import { requestMeasures, runComparison, type Scenario } from './shared/comparison.ts';
import { runWrk } from './shared/wrk.ts';

const scenario: Scenario = {
  name: 'churn',
  method: 'wrk with `Connection: close`: a connection for each request; upstream connections are kept.',
  measures: requestMeasures,
  load: (target, seconds, { connections }) =>
    runWrk(target, seconds, { connections, headers: ['Connection: close'] }),
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
