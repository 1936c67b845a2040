// Requests to the last of 10 … 100,000 routers with Host && PathPrefix, through real processes, beside Traefik and others.
import { berth, berthFastify } from './gateways/berth.ts';
import { envoy } from './gateways/envoy.ts';
import { nginx } from './gateways/nginx.ts';
import { traefik } from './gateways/traefik.ts';
import { requestMeasures, runComparison, type Scenario } from './shared/comparison.ts';
import { runWrk } from './shared/wrk.ts';

const scenario: Scenario = {
  name: 'match',
  method:
    'wrk, keep-alive, 1 KiB answers; all routers have a host of their own, and every request goes to the one with the lowest priority.',
  measures: requestMeasures,
  gateways: [berth, berthFastify, traefik, envoy, nginx],
  cases: [
    ...[10, 1_000, 10_000].map((routers) => ({ name: String(routers), site: { routers } })),
    // Traefik does not serve them within minutes, and nginx takes 7 GB for as many server blocks.
    { name: '100000', site: { routers: 100_000 }, gateways: [berth, berthFastify, envoy] },
  ],
  load: (target, seconds, { connections }) => runWrk(target, seconds, { connections }),
};

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
