// Work that many ask for at once, a part of it in each turn of the event loop, so that others get their turn in between.

/** Runs pieces of work in the order in which they came, at once while the turn has had fewer than `maxPerTurn`. */
export function spreadOverTurns(maxPerTurn: number): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  let done = 0;

  function nextTurn(): void {
    const now = waiting.slice(0, maxPerTurn);
    waiting = waiting.slice(now.length);
    done = now.length;
    if (done > 0) setImmediate(nextTurn);
    for (const work of now) work();
  }

  return (work) => {
    if (done >= maxPerTurn) {
      waiting.push(work);
      return;
    }
    if (done === 0) setImmediate(nextTurn);
    done += 1;
    work();
  };
}
