// Gives memory back after load. V8 collects garbage when something is allocated: what a burst has left behind, and the room
// that it has grown by, would stay for as long as nothing happens. Smaller spaces from the start would cost CPU under load.
import { performance } from 'node:perf_hooks';

/** How often it is looked whether there is rest. */
const intervalMs = 1_000;
/** Shares of the time in which the thread works: above the first there is load, below the second there is rest. */
const loadShare = 0.2;
const restShare = 0.05;
/** So many intervals of rest in a row: a pause between two requests is none. */
const restIntervals = 2;

/** Collects garbage, and gives back what is free then. */
export type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Decides when a thread collects: once after its start, and once after each time of load, when it rests. Takes the share of
 * the last interval in which the thread worked; gives whether to collect now.
 */
export function createRestWatch(): (share: number) => boolean {
  let isDue = true;
  let rested = 0;
  return (share) => {
    rested = share < restShare ? rested + 1 : 0;
    if (share > loadShare) isDue = true;
    if (!isDue || rested < restIntervals) return false;
    isDue = false;
    return true;
  };
}

/** Watches this thread for as long as it lives. Does nothing in a process without `--expose-gc`. */
export function collectAtRest(collect: Collect | undefined = globalThis.gc): void {
  if (collect === undefined) return;
  const watch = createRestWatch();
  let last = performance.eventLoopUtilization();
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    if (watch(utilization)) collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, intervalMs).unref();
}
