// TLS handshakes, full ones and resumed ones: CPU of the gateway for each, beside all peers.
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { runComparison, type Scenario, type Target } from './shared/comparison.ts';
import { askedHost } from './shared/site.ts';

/** Connections that are being opened at the same time. */
const clients = 8;
const resumed = 'resumed';

const scenario: Scenario = {
  name: 'handshakes',
  method: `TLS 1.3, X25519 (nginx and HAProxy as installed know no hybrid with ML-KEM), EC P-256, a new connection closed right after its handshake, ${clients} at a time; the client is Node on the second core and slower than the gateways, so that CPU is what compares them. resumed: with the session of an earlier connection (PSK with (EC)DHE).`,
  measures: [
    { name: 'cpu', label: 'CPU µs per handshake', better: 'less' },
    { name: 'rate', label: 'handshakes/s', better: 'more' },
  ],
  tls: true,
  cases: [{ name: 'full' }, { name: resumed }],
  async load(target, seconds) {
    const session = target.case === resumed ? await getSession(target) : undefined;
    const deadline = performance.now() + seconds * 1_000;
    let done = 0;
    const loops = Array.from({ length: clients }, async () => {
      while (performance.now() < deadline) {
        await shakeHands(target, session);
        done += 1;
      }
    });
    await Promise.all(loops);
    return { done, figures: { rate: done / seconds } };
  },
};

/** One for all connections: making it costs many times a handshake. With one group, so that all gateways do the same work. */
const secureContext = createSecureContext({ ecdhCurve: 'X25519' });

function open({ port }: Target, session: Buffer | undefined): TLSSocket {
  return connect({
    ...{ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false },
    secureContext,
    ALPNProtocols: ['http/1.1'],
    ...(session === undefined ? {} : { session }),
  });
}

/** One connection. @throws when a session was given and not taken. */
function shakeHands(target: Target, session: Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = open(target, session);
    socket.on('secureConnect', () => {
      if (session !== undefined && !socket.isSessionReused())
        reject(new Error('The session was not resumed.'));
      socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** TLS 1.3 sends tickets after the handshake; Envoy does so with its first answer. */
function getSession(target: Target): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = open(target, undefined);
    socket.setTimeout(5_000, () => socket.destroy(new Error('No session ticket came.')));
    socket.once('session', (session: Buffer) => {
      resolve(session);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.resume();
    socket.write(`GET ${target.site.path} HTTP/1.1\r\nHost: ${askedHost(target.site)}\r\n\r\n`);
  });
}

export const run = (args: readonly string[]): Promise<void> => runComparison(scenario, args);
