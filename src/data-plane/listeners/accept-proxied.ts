// In front of everything else on an entry point that takes the PROXY protocol: who is really at the other end of a connection.
import type { Socket } from 'node:net';
import { type ProxiedEnds, readProxyHeader } from '../../lib/proxy-protocol.ts';

/**
 * Takes the header off a new connection. `then` gets the ends that it names, if any, and a paused socket to which nobody
 * listens; a connection without a header goes on as it is. A broken header ends it, and so does one that takes longer than
 * `limitMs`, and a client that says nothing for so long.
 */
export function acceptProxied(
  socket: Socket,
  limitMs: number,
  then: (ends: ProxiedEnds | undefined) => void,
): void {
  let first: Buffer = Buffer.alloc(0);
  const giveUp = (): void => void socket.destroy();
  const timer = setTimeout(giveUp, limitMs).unref();
  const onClose = (): void => clearTimeout(timer);
  const onData = (chunk: Buffer): void => {
    first = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
    const reading = readProxyHeader(first);
    if (reading.state === 'incomplete') return;
    if (reading.state === 'malformed') {
      giveUp();
      return;
    }
    clearTimeout(timer);
    socket.off('data', onData).off('end', giveUp).off('error', giveUp).off('close', onClose);
    socket.pause();
    const rest = reading.state === 'header' ? first.subarray(reading.length) : first;
    if (rest.length > 0) socket.unshift(rest);
    then(reading.state === 'header' ? reading.ends : undefined);
  };
  socket.on('data', onData).on('end', giveUp).on('error', giveUp).on('close', onClose);
}
