// Runs an action at once, and then at most once per interval, with a last run for what came in between.

/** `run` asks for a run; `cancel` drops one that is waiting. */
export type Throttled = { run(): void; cancel(): void };

/** Makes a throttled action. */
export function throttle(action: () => void, intervalMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  const tick = () => {
    timer = undefined;
    if (wanted) run();
  };
  const run = () => {
    wanted = timer !== undefined;
    if (timer !== undefined) return;
    action();
    timer = setTimeout(tick, intervalMs);
  };
  return {
    run,
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      wanted = false;
    },
  };
}
