// The HTTP/2 lane of one entry point: node:http2's core streams, not its compatibility layer, which costs as much again.
import type { Socket } from 'node:net';
import type { EntryPoint } from '../../../model/startup.ts';
import type { Lane, LaneCore } from '../lane.ts';
import { Http2Connection } from './http2-connection.ts';

/** How often connections are looked through for what has run out of time: a limit is reached up to so much late. */
const sweepMs = 1_000;

/** Makes the lane. It takes connections that begin with the preface of HTTP/2, and TLS ones that agreed on h2. */
export function createHttp2Lane(entryPoint: EntryPoint, core: LaneCore): Lane {
  const open = new Set<Http2Connection>();
  let sweeper: NodeJS.Timeout | undefined;

  function sweep(): void {
    const now = performance.now();
    for (const connection of open) connection.sweep(now);
  }

  return {
    accept(socket: Socket, first: Buffer | undefined) {
      if (first !== undefined) socket.unshift(first);
      const connection: Http2Connection = new Http2Connection(socket, entryPoint, core, () => {
        open.delete(connection);
        if (open.size > 0) return;
        clearInterval(sweeper);
        sweeper = undefined;
      });
      open.add(connection);
      sweeper ??= setInterval(sweep, sweepMs).unref();
    },
    close: async () => clearInterval(sweeper),
  };
}
