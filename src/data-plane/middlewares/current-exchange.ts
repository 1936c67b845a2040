// An exchange of several requests, one after the other: it stands for the one that is under way.
import type { UpstreamExchange } from '../live-state/upstream.ts';

/** What the lane gets of a stage that may send more than once. */
export class CurrentExchange implements UpstreamExchange {
  #current: UpstreamExchange | undefined;
  readonly #onAbort: () => void;
  #turn = 0;
  #isAborted = false;

  /** `onAbort` hears of the first abort, after the request under way has: for what else is to be let go. */
  constructor(onAbort: () => void = () => {}) {
    this.#onAbort = onAbort;
  }

  /** Whether the lane has given it up: nothing may be begun any more. */
  get isAborted(): boolean {
    return this.#isAborted;
  }

  get reused(): boolean {
    return this.#current?.reused ?? false;
  }

  /** Sends a request that stands for it from now on, also while another one is just being sent. */
  follow(send: () => UpstreamExchange): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.#current = undefined;
    const sent = send();
    // It may have failed at once, and been followed by another one.
    if (turn !== this.#turn) return;
    this.#current = sent;
    if (this.#isAborted) sent.abort();
  }

  resume(): void {
    this.#current?.resume();
  }

  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#current?.abort();
    this.#onAbort();
  }
}
