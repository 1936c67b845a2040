// Waiting for changes of a source, and for the end of a burst of them: whoever writes does so in several steps.
import { pause } from './pause.ts';

/** Notices and who waits for them. */
export type ChangeNotice = {
  /** Something has changed. */
  notify(): void;
  /** To be called before the source is read: what changes from now on is news. */
  begin(): void;
  /** Waits for a change since `begin`, at most so many milliseconds, and then until nothing has changed for `quietMs`. */
  next(limitMs: number, signal: AbortSignal): Promise<void>;
};

/** Lengths of time in milliseconds. Who never stops changing is waited for `maxQuietMs`. */
export function createChangeNotice({
  quietMs,
  maxQuietMs,
}: {
  readonly quietMs: number;
  readonly maxQuietMs: number;
}): ChangeNotice {
  let changed = Promise.withResolvers<void>();

  const settle = async (signal: AbortSignal): Promise<void> => {
    const end = performance.now() + maxQuietMs;
    for (let isQuiet = false; !isQuiet && performance.now() < end && !signal.aborted; ) {
      changed = Promise.withResolvers();
      isQuiet = true;
      const noticed = changed.promise.then(() => {
        isQuiet = false;
      });
      await pause(quietMs, signal, noticed);
    }
  };

  return {
    notify: () => changed.resolve(),
    begin() {
      changed = Promise.withResolvers();
    },
    async next(limitMs, signal) {
      await pause(limitMs, signal, changed.promise);
      await settle(signal);
    },
  };
}
