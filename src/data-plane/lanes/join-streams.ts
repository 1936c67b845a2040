// Two byte streams become one: a tunnel. Thousands of them are idle at a time, so that each costs one small object:
// listeners are shared by all of them and find their tunnel on the stream.
import type { Duplex } from 'node:stream';

const ofStream = Symbol('tunnel');
type TunnelSide = Duplex & { [ofStream]?: Tunnel };

/** Both sides, and how many of them are not closed yet. */
type Tunnel = {
  readonly one: TunnelSide;
  readonly other: TunnelSide;
  readonly onClose: () => void;
  open: number;
};

/**
 * Bytes both ways with back-pressure; an end is passed on, a failure or close of one side closes the other. `onClose` is
 * called once, when both are closed. Nobody else listens to their data.
 */
export function joinStreams(one: Duplex, other: Duplex, onClose: () => void): void {
  const tunnel: Tunnel = { one, other, onClose, open: 2 };
  for (const side of [one, other] as TunnelSide[]) {
    side[ofStream] = tunnel;
    side
      .on('data', onData)
      .on('drain', onDrain)
      .on('end', onEnd)
      .on('error', onError)
      .once('close', onEndOfSide);
    side.resume();
  }
}

function oppositeOf(side: TunnelSide): TunnelSide | undefined {
  const tunnel = side[ofStream];
  return tunnel?.one === side ? tunnel.other : tunnel?.one;
}

function onData(this: TunnelSide, bytes: Buffer): void {
  if (oppositeOf(this)?.write(bytes) === false) this.pause();
}
function onDrain(this: TunnelSide): void {
  oppositeOf(this)?.resume();
}
function onEnd(this: TunnelSide): void {
  oppositeOf(this)?.end();
}
function onError(this: TunnelSide): void {
  oppositeOf(this)?.destroy();
}
function onEndOfSide(this: TunnelSide): void {
  const tunnel = this[ofStream];
  oppositeOf(this)?.destroy();
  if (tunnel === undefined) return;
  tunnel.open -= 1;
  if (tunnel.open === 0) tunnel.onClose();
}
