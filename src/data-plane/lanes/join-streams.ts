// Two byte streams become one: a tunnel.
import type { Duplex } from 'node:stream';

/**
 * Bytes both ways with back-pressure; an end is passed on, a failure or close of one side closes the other. `onClose` is
 * called once, when both are closed. Listeners of its own instead of pipe(), which costs more memory for each tunnel.
 */
export function joinStreams(one: Duplex, other: Duplex, onClose: () => void): void {
  let open = 2;
  const end = (): void => {
    open -= 1;
    if (open === 0) onClose();
  };
  relay(one, other, end);
  relay(other, one, end);
  one.resume();
  other.resume();
}

function relay(from: Duplex, to: Duplex, onEnd: () => void): void {
  from.on('data', (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.once('close', () => {
    to.destroy();
    onEnd();
  });
}
