// Inspects the containers that events name: few at a time, never one container twice at once, again when it was asked
// for meanwhile, and again after a failure.
import { createBackoff } from '../../../lib/backoff.ts';
import type { ContainerFacts } from './container-facts.ts';

/** How a container is read, and who gets the facts. */
export type InspectorOptions = {
  readonly inspect: (id: string) => Promise<ContainerFacts | undefined>;
  /** Called when an inspection begins; the value is handed to `onFacts`. */
  readonly beginReading: () => number;
  /** `retry`: the facts are stale, and the container must be read once more. */
  readonly onFacts: (reading: number, id: string, facts: ContainerFacts | undefined) => 'done' | 'retry';
  /** Called when an inspection has failed so often that it is given up; the next listing heals it. */
  readonly onGivenUp: (id: string, error: unknown) => void;
};

/** A queue of containers to be read. */
export type Inspector = {
  /** Reads the container soon; what began before this call does not count. */
  request(id: string): void;
  /** Reads the container after `delayMs`, once for the latest such call. */
  requestLater(id: string, delayMs: number): void;
  close(): void;
};

/** The Engine answers inspections one after another anyhow; more at once only fill its queue. */
const maxParallel = 8;

/** About three seconds in all. */
const maxAttempts = 6;

/** Creates an inspector; `close` it with its connection. */
export function createInspector(options: InspectorOptions): Inspector {
  const waiting = new Set<string>();
  const active = new Set<string>();
  const again = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;

  const fill = (): void => {
    for (const id of waiting) {
      if (active.size >= maxParallel || closed) return;
      waiting.delete(id);
      active.add(id);
      void read(id).finally(() => {
        active.delete(id);
        if (again.delete(id)) waiting.add(id);
        fill();
      });
    }
  };

  const read = async (id: string): Promise<void> => {
    const backoff = createBackoff({ firstMs: 100, maxMs: 2_000 });
    for (let attempt = 1; !closed; attempt++) {
      again.delete(id);
      const reading = options.beginReading();
      try {
        const facts = await options.inspect(id);
        if (closed || options.onFacts(reading, id, facts) === 'done') return;
        // A newer fact came while this was read: at once again, its event has been seen already.
      } catch (error) {
        if (closed) return;
        if (attempt >= maxAttempts) {
          options.onGivenUp(id, error);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, backoff.next()).unref());
      }
    }
  };

  const request = (id: string): void => {
    if (closed) return;
    if (active.has(id)) again.add(id);
    else waiting.add(id);
    fill();
  };

  return {
    request,
    requestLater(id, delayMs) {
      clearTimeout(timers.get(id));
      const timer = setTimeout(() => {
        timers.delete(id);
        request(id);
      }, delayMs);
      timers.set(id, timer.unref());
    },
    close() {
      closed = true;
      waiting.clear();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
