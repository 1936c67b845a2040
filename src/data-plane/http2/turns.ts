// What the connections of a lane do together in one turn of the event loop: each writes once, at its end, whatever its
// streams have said meanwhile; and so many requests are begun, so that nobody waits for one client's.

/** One that has something to do at the end of a turn. */
export type TurnWorker = { endTurn(): void };

/** Requests that all connections begin in a turn; a request costs some 50 µs. */
const beginsPerTurn = 128;
/** What one connection gets of them, and what it gets though there are none left. */
const mostBegins = 32;
const leastBegins = 4;

/** One for all connections of a lane. */
export class Turns {
  #due: TurnWorker[] = [];
  #isScheduled = false;
  #begins = beginsPerTurn;

  /** `endTurn` follows, once for each call. */
  add(worker: TurnWorker): void {
    this.#due.push(worker);
    this.#schedule();
  }

  /** How many of `wanted` requests a connection may begin now. */
  grant(wanted: number): number {
    const granted = Math.min(wanted, Math.max(leastBegins, Math.min(mostBegins, this.#begins)));
    this.#begins -= granted;
    this.#schedule();
    return granted;
  }

  run(): void {
    const due = this.#due;
    this.#due = [];
    this.#isScheduled = false;
    this.#begins = beginsPerTurn;
    for (const worker of due) worker.endTurn();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(endTurn, this);
  }
}

function endTurn(turns: Turns): void {
  turns.run();
}
