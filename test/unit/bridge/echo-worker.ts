// A worker for the tests of the bridge: it reports what it was told, and dies when it is told a service named `die`.
import { connectToControlPlane } from '../../../src/bridge/worker-side.ts';

const link = connectToControlPlane();
let version = 0;

link.receive({
  assignCells() {},
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
    // Verdicts come back as a message, so that the test can see that they arrived.
    report('verdicts', verdicts.map(({ verdict }) => verdict).join());
  },
  setTls({ ticketKeys }) {
    report('ticket keys', Buffer.from(ticketKeys).toString('hex'));
  },
  addPem(name, text) {
    report('pem', `${name} ${text}`);
  },
  async listen(sockets) {
    link.report({ type: 'listening', entryPoint: 'web', host: '', port: sockets.get('web') ?? 0 });
    report('listens at version', String(version));
  },
  async collectMetrics() {
    return [
      {
        worker: link.options.worker,
        version,
        ticketKeys: Buffer.from(link.options.tls.ticketKeys).toString('hex'),
      },
    ];
  },
  async drain() {
    report('drained');
  },
});

/** Whatever the test wants to know comes back as a failure to listen, which the pool hands on as it is. */
function report(what: string, message = ''): void {
  link.report({ type: 'listen-failed', entryPoint: what, message });
}
