// In front of the lanes: a new connection waits for its first bytes, which say who serves it.
import type { Socket } from 'node:net';
import type { Lane } from '../lanes/lane.ts';
import { protocolOf } from './first-bytes.ts';

/** Takes over a connection of which bytes have been read. */
export type ConnectionTaker = Pick<Lane, 'accept'>;

/** Who serves which protocol; what nobody is named for goes to `http1`, which answers that it is malformed. */
export type LaneByProtocol = {
  readonly http1: ConnectionTaker;
  readonly http2?: ConnectionTaker;
  readonly tls: ConnectionTaker;
};

/** Hands the connection to its lane when its first bytes have come, and closes it when none come in `silenceMs`. */
export function dispatchConnection(socket: Socket, lanes: LaneByProtocol, silenceMs: number): void {
  let first: Buffer | undefined;

  const onData = (chunk: Buffer): void => {
    first = first === undefined ? chunk : Buffer.concat([first, chunk]);
    const protocol = protocolOf(first);
    if (protocol === undefined) return;
    clearTimeout(timer);
    socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
    socket.pause();
    (lanes[protocol] ?? lanes.http1).accept(socket, first);
  };
  const onEnd = (): void => void socket.destroy();
  const onError = (): void => void socket.destroy();
  const onClose = (): void => clearTimeout(timer);
  // Not the socket's own: once it has had a timeout, it looks after it at each read and write of its life.
  const timer = silenceMs === 0 ? undefined : setTimeout(onEnd, silenceMs).unref();
  socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
}
