// What a client sends between its upgrade request and the upstream's 101. It is held back: until the upstream agrees
// nobody knows what these bytes are. And it is read, because a client that leaves is only seen by reading.
import type { Socket } from 'node:net';

/** Bytes that a client sent behind its request for an upgrade. */
export type EarlyBytes = {
  /** Puts them back onto the socket, which is paused; for the tunnel that begins. */
  release(): void;
};

/** A client that sends more before it is answered waits. */
const maxHeldBytes = 64 * 1024;

/** `head` is what came together with the request. */
export function holdEarlyBytes(socket: Socket, head: Buffer): EarlyBytes {
  const held: Buffer[] = head.length > 0 ? [head] : [];
  let bytes = head.length;
  const onData = (chunk: Buffer): void => {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes > maxHeldBytes) socket.pause();
  };
  const onEnd = (): void => void socket.destroy();
  socket.on('data', onData).once('end', onEnd);
  return {
    release() {
      socket.pause();
      socket.off('data', onData).off('end', onEnd);
      if (bytes > 0) socket.unshift(Buffer.concat(held));
    },
  };
}
