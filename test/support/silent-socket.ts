// A socket that keeps what is written to it, for connections that are fed by hand.
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

export type SilentSocket = {
  readonly socket: Socket;
  /** All that was written so far. */
  written(): Buffer;
  /** Writes are taken from now on, or left waiting. */
  take(isTaken: boolean): void;
};

/** Takes what is written at once, until `take` says otherwise. */
export function silentSocket(): SilentSocket {
  const parts: Buffer[] = [];
  let waiting: (() => void)[] = [];
  let isTaken = true;
  const socket = Object.assign(new EventEmitter(), {
    allowHalfOpen: true,
    writableEnded: false,
    destroyed: false,
    bytesRead: 0,
    write(bytes: Buffer | string, done?: (() => void) | string) {
      parts.push(Buffer.from(bytes as Buffer));
      if (typeof done !== 'function') return true;
      if (isTaken) done();
      else waiting.push(done);
      return true;
    },
    cork() {},
    uncork() {},
    pause() {},
    resume() {},
    end() {
      socket.writableEnded = true;
    },
    destroySoon() {},
    destroy() {
      socket.destroyed = true;
    },
  });
  return {
    socket: socket as unknown as Socket,
    written: () => Buffer.concat(parts),
    take(now) {
      isTaken = now;
      const due = isTaken ? waiting : [];
      if (isTaken) waiting = [];
      for (const done of due) done();
    },
  };
}
