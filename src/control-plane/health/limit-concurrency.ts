// Lets a bounded number of tasks run at a time; the others wait in the order in which they came.

/** Runs a task when its turn has come, and gives what it gives. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** A limiter for `max` tasks at a time. */
export function limitConcurrency(max: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running < max) running += 1;
    // Whoever ends hands its place over, so `running` stays as it is.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
