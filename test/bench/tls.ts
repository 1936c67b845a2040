// TLS with HTTP/1.1 keep-alive, 1 KiB answers, EC P-256 certificates, beside all peers.
import { requestMeasures, runComparison, type Scenario } from './shared/comparison.ts';
import { runWrk } from './shared/wrk.ts';

const scenario: Scenario = {
  name: 'tls',
  method: 'wrk with one thread over TLS, keep-alive, GET with 1 KiB answers of nginx on two ports.',
  measures: requestMeasures,
  tls: true,
  load: (target, seconds, { connections }) => runWrk(target, seconds, { connections }),
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
