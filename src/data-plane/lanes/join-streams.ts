// Two byte streams become one: a tunnel. Thousands of them are idle at a time, so that each costs one small object.
import type { Duplex } from 'node:stream';
import { ownStream, type StreamOwner } from '../../lib/stream-owner.ts';

/**
 * Bytes both ways with back-pressure; an end is passed on, a failure or close of one side closes the other. `onClose` is
 * called once, when both are closed. Nobody else listens to their data. When one side has ended the other may go on for
 * `lingerMs`, or as long as it likes.
 */
export function joinStreams(one: Duplex, other: Duplex, onClose: () => void, lingerMs?: number): void {
  const tunnel = new Tunnel(one, other, onClose, lingerMs);
  for (const side of [one, other]) {
    ownStream(side, tunnel);
    side.resume();
  }
}

class Tunnel implements StreamOwner<Duplex> {
  readonly #one: Duplex;
  readonly #other: Duplex;
  readonly #onClose: () => void;
  readonly #lingerMs: number | undefined;
  #openSides = 2;

  constructor(one: Duplex, other: Duplex, onClose: () => void, lingerMs: number | undefined) {
    this.#one = one;
    this.#other = other;
    this.#onClose = onClose;
    this.#lingerMs = lingerMs;
  }

  onData(bytes: Buffer, side: Duplex): void {
    if (!this.#oppositeOf(side).write(bytes)) side.pause();
  }

  onDrain(side: Duplex): void {
    this.#oppositeOf(side).resume();
  }

  onEnd(side: Duplex): void {
    const opposite = this.#oppositeOf(side);
    opposite.end();
    if (this.#lingerMs !== undefined) setTimeout(() => opposite.destroy(), this.#lingerMs).unref();
  }

  onError(_: Error, side: Duplex): void {
    this.#oppositeOf(side).destroy();
  }

  onClose(side: Duplex): void {
    this.#oppositeOf(side).destroy();
    this.#openSides -= 1;
    if (this.#openSides === 0) this.#onClose();
  }

  #oppositeOf(side: Duplex): Duplex {
    return side === this.#one ? this.#other : this.#one;
  }
}
