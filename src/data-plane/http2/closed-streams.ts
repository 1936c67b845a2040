// Streams that are over, as far as what still comes for them is to be told apart (RFC 9113 §5.1).

/** So many of the last ones are known. */
const maxKnown = 256;

/** The last ones of a connection. */
export class ClosedStreams {
  /** Numbers of streams; negative: this side has reset it. */
  readonly #last: number[] = [];
  #next = 0;

  add(stream: number, isResetHere: boolean): void {
    this.#last[this.#next] = isResetHere ? -stream : stream;
    this.#next = (this.#next + 1) % maxKnown;
  }

  /** Whether frames may still come that the other side sent before it heard of the end. */
  isResetHere(stream: number): boolean {
    return this.#last.includes(-stream);
  }

  isKnown(stream: number): boolean {
    return this.#last.includes(stream) || this.isResetHere(stream);
  }
}
