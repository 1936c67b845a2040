// The pretended GPU: all tasks share it, so each gets slower the more there are (processor sharing along a curve).
// A task cannot be stopped once begun, as in CosyVoice, whose synthesis thread has no cancel flag.

import { type Curve, costAt, REFERENCE_SECONDS } from './curves.ts';

/** One sentence group to synthesise. */
export interface Task {
  readonly audioSeconds: number;
  /** Whether its first audio is the request's first. */
  readonly opensRequest: boolean;
}

export interface Gpu {
  /** Calls `onPiece` for each of the task's equal pieces of audio when it is due; resolves after the last. */
  run(task: Task, onPiece: (index: number, pieces: number) => void): Promise<void>;
  /** Seconds during which at least one task ran. */
  busySeconds(): number;
}

/** Injected so that tests own time. */
export interface Clock {
  /** Monotonic seconds. */
  now(): number;
  /** Calls back once after so many seconds, unless cancelled by the function returned. */
  wake(seconds: number, callback: () => void): () => void;
}

interface Running {
  readonly task: Task;
  readonly pieces: number;
  /** Pieces given out. */
  done: number;
  /** Share of the current piece that is still to do, 1 to 0. */
  left: number;
  readonly onPiece: (index: number, pieces: number) => void;
  readonly resolve: () => void;
}

/** CosyVoice streams 25 tokens at a time at first, which is one second of audio. */
const PIECE_SECONDS = 1;
/** Rounding of timers and of additions must not leave a task a hair before its end for ever. */
const TINY_SECONDS = 1e-6;

export const systemClock: Clock = {
  now: () => performance.now() / 1000,
  wake: (seconds, callback) => {
    const timer = setTimeout(callback, Math.ceil(seconds * 1000));
    return () => clearTimeout(timer);
  },
};

/**
 * Without a curve, work takes no time of its own. `warmupSeconds` is how long the first task keeps the GPU from
 * doing anything, as compilation and autotuning do.
 */
export function createGpu(curve: Curve | undefined, warmupSeconds = 0, clock: Clock = systemClock): Gpu {
  const running = new Set<Running>();
  let warmupLeft = warmupSeconds;
  let busySeconds = 0;
  let advancedTo = clock.now();
  let cancelWake: () => void = () => {};

  /** Seconds that the current piece of a task takes as a whole while so many tasks run as do now. */
  function pieceSeconds({ task, pieces, done }: Running): number {
    if (curve === undefined) return 0;
    const cost = costAt(curve, running.size);
    const total = (cost.requestSeconds * task.audioSeconds) / REFERENCE_SECONDS;
    if (!curve.streams || !task.opensRequest || pieces === 1) return total / pieces;
    const first = Math.min(cost.firstAudioSeconds, total);
    return done === 0 ? first : (total - first) / (pieces - 1);
  }

  function secondsToNextPiece(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of running) next = Math.min(next, entry.left * pieceSeconds(entry));
    return next;
  }

  /** Moves every task on to the present, piece by piece, because each end changes the speed of the others. */
  function advance(): void {
    let elapsed = clock.now() - advancedTo;
    advancedTo += elapsed;
    if (running.size > 0) {
      const warming = Math.min(warmupLeft, elapsed);
      warmupLeft -= warming;
      elapsed -= warming;
      busySeconds += warming;
    }
    while (running.size > 0 && warmupLeft <= 0) {
      const step = secondsToNextPiece();
      if (step > elapsed + TINY_SECONDS) {
        for (const entry of running) entry.left -= elapsed / pieceSeconds(entry);
        busySeconds += elapsed;
        return;
      }
      finishDue(step);
      elapsed = Math.max(0, elapsed - step);
      busySeconds += step;
    }
  }

  function finishDue(step: number): void {
    const speeds = [...running].map((entry) => [entry, pieceSeconds(entry)] as const);
    for (const [entry, seconds] of speeds) {
      entry.left -= seconds === 0 ? 1 : step / seconds;
      if (entry.left * seconds > TINY_SECONDS) continue;
      entry.onPiece(entry.done, entry.pieces);
      entry.done += 1;
      entry.left = 1;
      if (entry.done === entry.pieces) {
        running.delete(entry);
        entry.resolve();
      }
    }
  }

  function schedule(): void {
    cancelWake();
    cancelWake = () => {};
    if (running.size === 0) return;
    cancelWake = clock.wake(warmupLeft + secondsToNextPiece(), () => {
      advance();
      schedule();
    });
  }

  return {
    run: (task, onPiece) =>
      new Promise((resolve) => {
        advance();
        const pieces =
          curve?.streams === true ? Math.max(1, Math.round(task.audioSeconds / PIECE_SECONDS)) : 1;
        running.add({ task, pieces, done: 0, left: 1, onPiece, resolve });
        schedule();
      }),
    busySeconds: () => {
      advance();
      schedule();
      return busySeconds;
    },
  };
}
