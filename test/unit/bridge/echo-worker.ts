// A worker for the tests of the bridge: it reports what it was told, and dies when it is told a service named `die`.
import { connectToControlPlane } from '../../../src/bridge/worker-side.ts';

const link = connectToControlPlane();
let version = 0;

link.receive({
  apply(config) {
    version = config.version;
    if (config.services.has('die')) throw new Error('as asked');
    link.report({ type: 'applied', version });
    const loads = [...config.services.keys()].map((service) => ({
      service,
      replica: 'r',
      inFlight: 1,
      requests: version,
      failures: 0,
      lastRequest: 0,
    }));
    link.report({ type: 'loads', loads });
  },
  setVerdicts(verdicts) {
    // Verdicts come back as a name, so that the test can see that they arrived.
    link.report({
      type: 'listening',
      entryPoint: verdicts.map(({ verdict }) => verdict).join(),
      host: '',
      port: verdicts.length,
    });
  },
  async collectMetrics() {
    return [{ worker: link.options.worker, version }];
  },
  async drain() {
    link.report({ type: 'listen-failed', entryPoint: 'drained', message: '' });
  },
});
