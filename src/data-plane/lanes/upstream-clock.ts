// The time limits of one attempt on a replica (`timeouts` of a router). Routers without limits have no clock; one timer runs
// where there are some, and the parts of an answer only note their time.
import type { FaultCode } from '../../model/errors.ts';
import type { Timeouts } from '../exchange/snapshot.ts';

/** What is waited for. A request that is still on its way from the client, and a client that takes nothing, are not the replica's doing. */
type Phase = 'connection' | 'request' | 'head' | 'body' | 'client';

/** The code by which a limit is told to the client. */
const codes = {
  connection: 'upstream-connect-timeout',
  head: 'upstream-first-byte-timeout',
  body: 'upstream-idle-timeout',
} as const satisfies { readonly [P in Phase]?: FaultCode };

/** Node's timers take no longer ones. */
const longestTimerMs = 2 ** 31 - 1;

/** Runs from when it is made until `end`. */
export class UpstreamClock {
  readonly #limits: Timeouts;
  readonly #totalAt: number;
  readonly #onExpire: (code: FaultCode) => void;
  #phase: Phase = 'connection';
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** `startedTick` is when the request came; `onExpire` is called at most once, after the clock has ended itself. */
  constructor(limits: Timeouts, startedTick: number, onExpire: (code: FaultCode) => void) {
    this.#limits = limits;
    this.#totalAt = startedTick + limits.totalMs;
    this.#onExpire = onExpire;
    this.#arm();
  }

  /** The connection stands; `isWhole`: all of the request is on its way. */
  sent(isWhole: boolean): void {
    this.#enter(isWhole ? 'head' : 'request');
  }

  /** The rest of the request is on its way. */
  requestEnded(): void {
    if (this.#phase === 'request') this.#enter('head');
  }

  /** A head has come, or a part of the body: the next one is waited for. */
  heard(): void {
    if (this.#phase === 'body') this.#since = performance.now();
    else this.#enter('body');
  }

  /** The client takes no more for now: the replica is kept from sending. */
  held(): void {
    this.#enter('client');
  }

  /** It does again. */
  released(): void {
    if (this.#phase === 'client') this.#enter('body');
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#since = performance.now();
    clearTimeout(this.#timer);
    this.#arm();
  }

  #arm(): void {
    const at = Math.min(this.#totalAt, this.#phaseEnd());
    if (this.#isOver || at === Number.POSITIVE_INFINITY) return;
    const left = Math.ceil(Math.min(longestTimerMs, Math.max(1, at - performance.now())));
    this.#timer = setTimeout(() => this.#look(), left);
  }

  #look(): void {
    const now = performance.now();
    const isTotal = now >= this.#totalAt;
    if (!isTotal && now < this.#phaseEnd()) {
      this.#arm();
      return;
    }
    this.end();
    this.#onExpire(isTotal ? 'total-timeout' : codes[this.#phase as keyof typeof codes]);
  }

  #phaseEnd(): number {
    const { connectMs, firstByteMs, idleMs } = this.#limits;
    switch (this.#phase) {
      case 'connection':
        return this.#since + connectMs;
      case 'head':
        return this.#since + firstByteMs;
      case 'body':
        return this.#since + idleMs;
      case 'request':
      case 'client':
        return Number.POSITIVE_INFINITY;
    }
  }
}
