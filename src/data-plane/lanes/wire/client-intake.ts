// Whether a client's socket is read. Several reasons may speak against it at a time, and it is read when the last is gone.
import type { Socket } from 'node:net';

/** Why it is not: nobody takes the body, too much was sent ahead of answers, others have their turn, it is another's. */
const reasons = { body: 1, ahead: 2, turn: 4, gone: 8 } as const;
export type HoldReason = keyof typeof reasons;

/** libuv reads a socket up to 32 times before it looks at others: so much and no more in one turn of the event loop. */
const maxBytesPerTurn = 256 * 1024;
/** Reads below that are no flood of bytes, and are not counted. */
const minCountedBytes = 8 * 1024;

/** Reads one socket. It starts held by `turn`, until `begin`. */
export class ClientIntake {
  readonly #socket: Socket;
  #held: number = reasons.turn;
  #counted = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Lets the first bytes come. */
  begin(): void {
    this.release('turn');
  }

  hold(reason: HoldReason): void {
    if (this.#held === 0) this.#socket.pause();
    this.#held |= reasons[reason];
  }

  release(reason: HoldReason): void {
    if (this.#held === 0) return;
    this.#held &= ~reasons[reason];
    if (this.#held === 0) this.#socket.resume();
  }

  /** So many bytes have come: when that is much, the next ones wait until others have had their turn. */
  count(bytes: number): void {
    if (bytes < minCountedBytes) return;
    this.#counted += bytes;
    if (this.#counted < maxBytesPerTurn) return;
    this.#counted = 0;
    this.hold('turn');
    setImmediate(releaseTurn, this);
  }
}

function releaseTurn(intake: ClientIntake): void {
  intake.release('turn');
}
