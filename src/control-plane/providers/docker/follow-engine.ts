// One connection to the Engine, from the event stream's opening to its end. Events first, then the list: what happens
// in between is seen twice rather than never.
import type { EngineClient } from './engine-client.ts';
import type { EngineEvent } from './engine-event.ts';
import { createInspector } from './inspector.ts';
import type { Inventory } from './inventory.ts';

/** What is followed, and who hears of it. */
export type FollowOptions = {
  readonly engine: EngineClient;
  readonly inventory: Inventory;
  /** The inventory has changed. Not called before it has been listed once. */
  readonly onChange: () => void;
  /** The containers have been listed; `changed`: and they are others than before. */
  readonly onListed: () => void;
  readonly onTrouble: (message: string, error: unknown) => void;
  /** The list is read again this often, to heal events that were missed. */
  readonly relistMs: number;
};

/** Follows until the connection is lost: never resolves, rejects with the reason. Close the engine to end it. */
export async function followEngine(options: FollowOptions): Promise<never> {
  const { engine, inventory, onChange, onListed, onTrouble, relistMs } = options;
  let listed = false;
  const changed = (): void => {
    if (listed) onChange();
  };
  const inspector = createInspector({
    inspect: engine.inspect,
    beginReading: inventory.beginReading,
    onFacts(reading, id, facts) {
      const outcome = inventory.applyInspection(reading, id, facts);
      if (outcome === 'changed') changed();
      return outcome === 'stale' ? 'retry' : 'done';
    },
    onGivenUp: (id, error) => onTrouble(`Container ${id} could not be inspected.`, error),
  });
  const onEvents = (events: readonly EngineEvent[]): void => {
    let any = false;
    for (const event of events) {
      const outcome = inventory.applyEvent(event);
      any = outcome.changed || any;
      if (outcome.inspect) inspector.request(event.container);
      if (outcome.inspectAgainMs !== undefined) {
        inspector.requestLater(event.container, outcome.inspectAgainMs + marginMs);
      }
    }
    if (any) changed();
  };
  const list = async (): Promise<void> => {
    const reading = inventory.beginReading();
    const outcome = inventory.applyList(reading, await engine.list());
    for (const id of outcome.inspect) inspector.request(id);
    if (outcome.changed) changed();
  };

  try {
    const { ended } = await engine.events(onEvents);
    await list();
    listed = true;
    onListed();
    for (;;) {
      const pause = sleep(relistMs);
      const reason = await Promise.race([ended, pause.over]);
      pause.cancel();
      if (reason !== undefined) throw reason;
      await list();
    }
  } finally {
    inspector.close();
  }
}

/** The inspection that ends a wait must come after its end, whatever the rounding of timers. */
const marginMs = 50;

function sleep(ms: number): { readonly over: Promise<undefined>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined).unref();
  return { over: promise, cancel: () => clearTimeout(timer) };
}
