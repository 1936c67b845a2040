// The other end: what a process that the shepherd started hears from it. Signals come through the shepherd only, for a
// terminal and systemd send theirs to every process, and the second one would mean "at once".
import type { GenerationStart, RunPlan, ToGeneration, ToShepherd } from './protocol.ts';

/** What a generation does when the shepherd speaks. */
export type ShepherdOrders = {
  retire(): void;
  stay(reason: string): void;
  end(signal: string): void;
};

/** The way back. */
export type ShepherdLink = {
  readonly start: GenerationStart;
  ready(): void;
  renew(): void;
  /** From now on orders are followed; earlier ones were kept and come first. */
  follow(orders: ShepherdOrders): void;
};

/** Hears how this generation starts. @throws TypeError in a process without an IPC channel. */
export async function connectToShepherd(): Promise<ShepherdLink> {
  if (process.send === undefined) throw new TypeError('This module is started by src/main.ts.');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const kept: ToGeneration[] = [];
  let orders: ShepherdOrders | undefined;
  const started = Promise.withResolvers<GenerationStart>();

  const obey = (message: ToGeneration): void => {
    if (message.type === 'start') started.resolve(message.start);
    else if (orders === undefined) kept.push(message);
    else if (message.type === 'retire') orders.retire();
    else if (message.type === 'stay') orders.stay(message.reason);
    else orders.end(message.signal);
  };
  process.on('message', obey);
  // The shepherd has been killed: nobody would ever tell this process to end.
  process.on('disconnect', () => obey({ type: 'end', signal: 'SIGTERM' }));

  return {
    start: await started.promise,
    ready: () => say({ type: 'ready' }),
    renew: () => say({ type: 'renew' }),
    follow(given) {
      orders = given;
      for (const message of kept.splice(0)) obey(message);
    },
  };
}

/** The command line asks for a gateway. Resolves when the shepherd has been told. */
export function reportPlan(plan: RunPlan): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) throw new TypeError('This module is started by src/main.ts.');
    process.send({ type: 'run', plan } satisfies ToShepherd, undefined, {}, () => resolve());
  });
}

function say(message: ToShepherd): void {
  if (process.connected) process.send?.(message);
}
