// The life of the first process, the one that a supervisor knows: it holds the listening sockets, starts the process that
// serves (a generation), and on SIGHUP starts the next one, which takes over before the old one leaves. It knows nothing of
// HTTP, so that it need not be replaced itself.
import type { ListenPlan } from '../model/listen-plan.ts';
import type { InheritedSockets, ListenFault, RunPlan, ToGeneration, ToShepherd } from './protocol.ts';
import type { HeldSockets, SocketBook } from './socket-book.ts';

/** A process that the first one has started. */
export type Child = {
  send(message: ToGeneration): void;
  onMessage(listener: (message: ToShepherd) => void): void;
  /** Never rejects. A process that ended by a signal has the status that shells give it (128 + number). */
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
};

/** How processes are started, and where the end is reported. */
export type ShepherdIo = {
  /** A process that reads the command line and either does what it says, or reports a plan and ends. */
  readCommandLine(): Child;
  /** A process that serves; the descriptors are its own numbers 4, 5 and so on. */
  startGeneration(fds: readonly number[]): Child;
  readonly sockets: SocketBook;
  /** The last word: nothing runs any more. */
  exit(status: number): void;
  /** How long a successor may take to serve. */
  readonly readyLimitMs: number;
};

/** What signals do. */
export type Shepherd = {
  /** SIGHUP: the next generation takes over. */
  upgrade(): void;
  /** SIGTERM and SIGINT: everything ends. */
  end(signal: NodeJS.Signals): void;
};

/**
 * Descriptors for each slot of an entry point beyond the first: a worker that dies takes its own with it, and Node cannot
 * duplicate one. When they are used up the generation asks to be renewed.
 */
const sparesPerSlot = 4;
/** Standard input, output, error and the IPC channel come first. */
const firstInherited = 4;
/** A successor that failed may still end in peace. */
const killAfterMs = 5_000;

/** Starts the first generation. */
export function createShepherd(io: ShepherdIo): Shepherd {
  const children = new Set<Child>();
  let plans: readonly ListenPlan[] = [];
  let serving: Child | undefined;
  let isEnding = false;
  let isUpgrading = false;
  let isUpgradeWanted = false;

  function keep(child: Child): Child {
    children.add(child);
    void child.exited.then(() => children.delete(child));
    return child;
  }

  /** What the command line says now; a status when its process has ended without asking for a gateway. */
  function plan(): Promise<RunPlan | number> {
    const reader = keep(io.readCommandLine());
    return new Promise((resolve) => {
      reader.onMessage((message) => {
        if (message.type === 'run') resolve(message.plan);
      });
      void reader.exited.then(resolve);
    });
  }

  async function startFirst(): Promise<void> {
    const found = await plan();
    if (typeof found === 'number') return io.exit(found);
    if (isEnding) return;
    plans = found.listen;
    const { held, faults } = await io.sockets.open(found.listen);
    // It says so in its own log, and ends.
    serving = start(found, held, faults, false);
    watch(serving);
  }

  function start(
    { settings }: RunPlan,
    held: readonly HeldSockets[],
    faults: readonly ListenFault[],
    isSuccessor: boolean,
  ): Child {
    const fds: number[] = [];
    const sockets: InheritedSockets[] = held.map(({ fds: slots, ...held }) => ({
      ...held,
      slots: slots.map((fd) =>
        Array.from({ length: 1 + sparesPerSlot }, () => firstInherited + fds.push(fd) - 1),
      ),
    }));
    const child = keep(io.startGeneration(fds));
    child.send({ type: 'start', start: { settings, sockets, faults, isSuccessor } });
    return child;
  }

  /** The process that serves ends the whole, unless another one has taken its place. */
  function watch(child: Child): void {
    child.onMessage((message) => {
      if (message.type === 'renew' && child === serving) upgrade();
    });
    void child.exited.then(async (status) => {
      if (child !== serving) return;
      // Those that have been told already would take a second time for "at once".
      if (!isEnding) end('SIGTERM');
      await Promise.all([...children].map((other) => other.exited));
      io.exit(status);
    });
  }

  function upgrade(): void {
    isUpgradeWanted = true;
    if (isUpgrading || isEnding || serving === undefined) return;
    isUpgrading = true;
    void takeTurns();
  }

  /** One after the other: whoever asks meanwhile may have changed a file that the one under way has read already. */
  async function takeTurns(): Promise<void> {
    while (isUpgradeWanted && !isEnding) {
      isUpgradeWanted = false;
      const failure = await replace();
      if (failure !== undefined) serving?.send({ type: 'stay', reason: failure });
    }
    isUpgrading = false;
  }

  /** Gives the reason when there is no successor. */
  async function replace(): Promise<string | undefined> {
    const found = await plan();
    if (typeof found === 'number') return `Its start-up configuration is faulty (exit status ${found}).`;
    if (isEnding) return undefined;
    const { held, faults } = await io.sockets.open(found.listen);
    if (faults.length > 0) {
      io.sockets.retain(plans);
      return faults.map(({ message }) => message).join(' ');
    }
    const child = start(found, held, faults, true);
    const failure = await comesUp(child);
    if (failure !== undefined) {
      await dismiss(child);
      io.sockets.retain(plans);
      return failure;
    }
    const predecessor = serving;
    serving = child;
    plans = found.listen;
    watch(child);
    predecessor?.send({ type: 'retire' });
    io.sockets.retain(plans);
    return undefined;
  }

  function comesUp(child: Child): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve(`It did not serve within ${io.readyLimitMs / 1_000} s.`),
        io.readyLimitMs,
      );
      const settle = (reason: string | undefined): void => {
        clearTimeout(timer);
        resolve(reason);
      };
      child.onMessage((message) => {
        if (message.type === 'ready') settle(undefined);
      });
      void child.exited.then((status) => settle(`It ended with status ${status} before it served.`));
    });
  }

  async function dismiss(child: Child): Promise<void> {
    child.send({ type: 'end', signal: 'SIGTERM' });
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    await child.exited;
    clearTimeout(timer);
  }

  function end(signal: NodeJS.Signals): void {
    isEnding = true;
    // Otherwise the kernel would go on taking connections that nobody accepts.
    io.sockets.retain([]);
    for (const child of children) child.send({ type: 'end', signal });
    // Nothing serves yet: there is nothing to finish.
    if (serving === undefined) for (const child of children) child.kill(signal);
  }

  void startFirst();
  return { upgrade, end };
}
