// What the other side may still send, on a stream or on a connection (RFC 9113 §6.9), and when it is told that it may send
// more: in batches, for a WINDOW_UPDATE for each frame would cost both sides as much as the frame. Pure.

/** A window for what comes. */
export class ReceiveWindow {
  readonly #size: number;
  #left: number;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
    this.#left = size;
  }

  /** So much has come. False: more than was allowed. */
  take(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0;
  }

  /** So much of it is done with. Gives by how much the window is to be opened again, 0 for not yet. */
  release(bytes: number): number {
    this.#used += bytes;
    const used = this.#used;
    if (2 * used < this.#size) return 0;
    this.#left += used;
    this.#used = 0;
    return used;
  }
}
