// The HTTP/2 lane of one entry point.
import type { Socket } from 'node:net';
import type { EntryPoint } from '../../../model/startup.ts';
import { createSessionParts } from '../../http2/session-options.ts';
import type { Lane, LaneCore } from '../lane.ts';
import { Http2Connection, type Http2LaneParts } from './http2-connection.ts';
import { toSessionOptions } from './session-options.ts';

/** How often connections are looked through for what has run out of time: a limit is reached up to so much late. */
const sweepMs = 1_000;

/** Makes the lane. It takes connections that begin with the preface of HTTP/2, and TLS ones that agreed on h2. */
export function createHttp2Lane(entryPoint: EntryPoint, core: LaneCore): Lane {
  const open = new Set<Http2Connection>();
  const parts: Http2LaneParts = {
    core,
    entryPoint,
    options: toSessionOptions(entryPoint),
    session: createSessionParts(),
  };
  let sweeper: NodeJS.Timeout | undefined;

  function sweep(): void {
    const now = performance.now();
    for (const connection of open) connection.sweep(now);
  }

  return {
    accept(socket: Socket, first: Buffer | undefined) {
      const connection: Http2Connection = new Http2Connection(socket, parts, () => {
        open.delete(connection);
        if (open.size > 0) return;
        clearInterval(sweeper);
        sweeper = undefined;
      });
      open.add(connection);
      sweeper ??= setInterval(sweep, sweepMs).unref();
      if (first !== undefined) connection.take(first);
      socket.resume();
    },
    close: async () => clearInterval(sweeper),
  };
}
