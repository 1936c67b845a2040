// HTTP/2 over TLS: 8 connections with 16 streams each, 1 KiB answers, HTTP/1.1 to the upstream, beside all peers.
import { requestMeasures, runComparison, type Scenario } from './shared/comparison.ts';
import { runH2Load } from './shared/h2load.ts';

const scenario: Scenario = {
  name: 'h2',
  method:
    'h2load over TLS, 8 connections with 16 streams each, GET with 1 KiB answers of nginx on two ports (HTTP/1.1).',
  measures: requestMeasures,
  tls: true,
  load: (target, seconds) => runH2Load(target, seconds, { connections: 8, streams: 16 }),
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
