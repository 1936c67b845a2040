// The fast lane of one entry point: HTTP/1.1 in plain canonical form, from socket to socket. Everything else goes to the
// complete lane as it came.
import type { EntryPoint } from '../../../model/startup.ts';
import { headLimitMs } from '../head-limit.ts';
import type { Lane, LaneCore } from '../lane.ts';
import { createCopyPool } from './copy-pool.ts';
import { persistenceLines } from './response-text.ts';
import { WireConnection, type WireLaneParts } from './wire-connection.ts';

/** How often connections that have run out of time are looked for. */
const checkIntervalMs = 1_000;

/** Makes the lane in front of `complete`. */
export function createWireLane(entryPoint: EntryPoint, core: LaneCore, complete: Lane): Lane {
  const connections = new Set<WireConnection>();
  const parts: WireLaneParts = {
    core,
    copies: createCopyPool(),
    limits: {
      headMs: headLimitMs(entryPoint),
      readMs: entryPoint.readTimeoutMs,
      writeMs: entryPoint.writeTimeoutMs,
      idleMs: entryPoint.idleTimeoutMs,
    },
    persistence: persistenceLines(entryPoint.idleTimeoutMs),
    handOver: (socket, bytes) => complete.accept(socket, bytes),
    forget: (connection) => connections.delete(connection),
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) connection.checkTime(now);
  }, checkIntervalMs).unref();

  return {
    accept(socket, first) {
      const connection = new WireConnection(socket, parts);
      connections.add(connection);
      connection.begin(first);
    },
    async close() {
      clearInterval(timer);
      await complete.close();
    },
  };
}
