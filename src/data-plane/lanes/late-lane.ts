// A lane that is made when its first connection comes. The complete lane is most of what a worker could load, and where
// everything is plain HTTP/1.1 nobody ever asks for it.
import type { Socket } from 'node:net';
import type { Lane, LaneCore } from './lane.ts';

/** Makes it with the first connection, which waits for it. When `make` fails the connection is cut, and the next one tries again. */
export function createLateLane(make: () => Promise<Lane>, core: Pick<LaneCore, 'connections' | 'log'>): Lane {
  let lane: Lane | undefined;
  let making: Promise<Lane> | undefined;

  async function acceptLater(socket: Socket, first: Buffer | undefined): Promise<void> {
    const connection = core.connections.of(socket);
    socket.on('error', destroy);
    // Its request has been read: an end of the gateway waits for it.
    connection.underWay += 1;
    try {
      making ??= make();
      lane = await making;
      // Of one that is destroyed the error may be still to come.
      if (!socket.destroyed) {
        socket.off('error', destroy);
        lane.accept(socket, first);
      }
    } catch (err) {
      making = undefined;
      core.log.error({ err }, 'The complete lane cannot be made.');
      socket.destroy();
    }
    connection.underWay -= 1;
  }

  return {
    accept(socket, first) {
      if (lane === undefined) void acceptLater(socket, first);
      else lane.accept(socket, first);
    },
    close: async () => (await making)?.close(),
  };
}

/** `close` follows. */
function destroy(this: Socket): void {
  this.destroy();
}
