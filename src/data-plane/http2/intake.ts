// Whether the socket of a connection is read: so much in a turn of the event loop, and after the connection's end only as
// long as it takes to tell why.
import type { Socket } from 'node:net';

/** libuv reads a socket up to 32 times, 2 MB, before it looks at others; 2 MB of heads take long. */
const maxBytesPerTurn = 128 * 1024;

/** How long the other side may take to hear why the connection ends, and how much it may send meanwhile. */
const farewellMs = 1_000;
const farewellBytes = 1024 * 1024;

/** One connection's. */
export class Intake {
  readonly #socket: Socket;
  readonly #onHold: () => void;
  #isHeld = false;
  #counted = 0;

  /** `onHold`: `endTurn` has to be called at the end of this turn. */
  constructor(socket: Socket, onHold: () => void) {
    this.#socket = socket;
    this.#onHold = onHold;
  }

  /** So much has been read. */
  count(bytes: number): void {
    this.#counted += bytes;
    if (this.#counted >= maxBytesPerTurn) this.hold();
  }

  /** Nothing more is read in this turn. */
  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#socket.pause();
    this.#onHold();
  }

  /** The next turn: more may be read, unless `isBusy`. */
  endTurn(isBusy: boolean): void {
    this.#counted = 0;
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (isBusy) this.hold();
    else this.#socket.resume();
  }

  /** Nothing is wanted any more, but the end of the other side; so that it comes, what stands in front of it is read. */
  end(): void {
    this.#isHeld = false;
    this.#counted = 0;
    this.#socket.resume();
  }

  /** The connection has failed: it is cut before long. */
  cutSoon(): void {
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
  }

  /** Has been read after the end. */
  drop(bytes: number): void {
    this.#counted += bytes;
    if (this.#counted > farewellBytes) this.#socket.destroy();
  }
}
