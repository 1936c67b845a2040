// Clients that take nothing of what is ready for them (nginx: send_timeout): looked for once in a while, in all lanes at
// once, so that no write pays for a timer.
import type { Socket } from 'node:net';

/** Looks so often in the time that a client has: one is cut after at most 1.2 times that. */
const looksPerLimit = 10;

/** Watches connections. */
export type StallWatch = {
  /** Judges every connection by what has changed since the last look; `now` is a performance.now(). */
  look(now: number): void;
  close(): void;
};

/**
 * Cuts each connection for which bytes have waited for `limitMs` without one of them being taken by the kernel. One byte
 * is enough to be left alone: a player that reads slowly is no stuck client. `limitMs` 0: watches nothing.
 */
export function createStallWatch(
  sockets: () => Iterable<Socket>,
  limitMs: number,
  onCut: (socket: Socket) => void,
): StallWatch {
  /** Those for which bytes waited at the last look; hardly any, so that an idle tunnel costs no memory here. */
  let waiting = new Map<Socket, { readonly taken: number; readonly since: number }>();

  function look(now: number): void {
    const still: typeof waiting = new Map();
    for (const socket of sockets()) {
      const handle = handleOf(socket);
      const queued = handle?.writeQueueSize ?? 0;
      if (queued === 0 && socket.writableLength === 0) continue;
      const taken = (handle?.bytesWritten ?? socket.bytesWritten) - queued;
      const before = waiting.get(socket);
      if (before?.taken !== taken) still.set(socket, { taken, since: now });
      else if (now - before.since < limitMs) still.set(socket, before);
      else {
        onCut(socket);
        socket.destroy();
      }
    }
    waiting = still;
  }

  const timer =
    limitMs === 0
      ? undefined
      : setInterval(() => look(performance.now()), Math.ceil(limitMs / looksPerLimit)).unref();
  return { look, close: () => clearInterval(timer) };
}

/**
 * libuv's stream, from which Node's socket.setTimeout reads the same. What Node tells publicly is too coarse: of a write
 * that is under way nothing until all of it is done, which may be 128 KiB or a minute of speech.
 */
type Handle = {
  /** Given to it so far. */
  readonly bytesWritten?: number;
  /** Of these, what the kernel has not taken yet. */
  readonly writeQueueSize?: number;
};

function handleOf(socket: Socket): Handle | null | undefined {
  return (socket as { readonly _handle?: Handle | null })._handle;
}
