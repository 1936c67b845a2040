// Whether the client of an HTTP/2 connection is still there. A machine that lost its power or its network closes nothing,
// and a quiet stream (a WebSocket, events) has no time limit that would end it.

/** Silence after which the client is asked (PING, RFC 9113 §6.7), and after which it is taken for gone. */
const askAfterMs = 30_000;
const goneAfterMs = 60_000;

/** What is needed of a session. */
export type AskedSession = {
  readonly socket: { readonly bytesRead: number };
  ping(onAnswer: () => void): boolean;
};

/** Hears one client. */
export class SignOfLife {
  readonly #session: AskedSession;
  #bytesRead = 0;
  #heardAt: number;
  #isAsked = false;

  /** Asks at once: whoever is silent from the start is gone sooner. */
  constructor(session: AskedSession, now: number) {
    this.#session = session;
    this.#heardAt = now;
    this.#ask();
  }

  /** False when the client is gone. Any byte counts: an answer may wait behind what fills the client's link. */
  isHeard(now: number): boolean {
    const { bytesRead } = this.#session.socket;
    if (bytesRead !== this.#bytesRead) {
      this.#bytesRead = bytesRead;
      this.#heardAt = now;
      return true;
    }
    const silentMs = now - this.#heardAt;
    if (!this.#isAsked && silentMs >= askAfterMs) this.#ask();
    return !this.#isAsked || silentMs < goneAfterMs;
  }

  #ask(): void {
    this.#isAsked = this.#session.ping(() => {
      this.#isAsked = false;
    });
  }
}
