// The first process: who serves, who takes over, and what happens when somebody ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Child, createShepherd } from '../../../src/shepherd/create-shepherd.ts';
import type { ListenFault, ToGeneration, ToShepherd } from '../../../src/shepherd/protocol.ts';

type FakeChild = Child & {
  readonly name: string;
  readonly heard: ToGeneration[];
  readonly killed: string[];
  say(message: ToShepherd): Promise<void>;
  end(status: number): Promise<void>;
};

function fakeChild(name: string): FakeChild {
  const { promise, resolve } = Promise.withResolvers<number>();
  const listeners: ((message: ToShepherd) => void)[] = [];
  const heard: ToGeneration[] = [];
  const killed: string[] = [];
  return {
    name,
    heard,
    killed,
    exited: promise,
    send: (message) => void heard.push(message),
    onMessage: (listener) => void listeners.push(listener),
    kill: (signal) => void killed.push(signal),
    async say(message) {
      for (const listener of listeners) listener(message);
      await settle();
    },
    async end(status) {
      resolve(status);
      await settle();
    },
  };
}

/** Lets everything happen that is not waiting for the outside. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

const listen = [{ entryPoint: 'web', host: '', port: 80, reusePort: false, slots: 2 }];
const run: ToShepherd = { type: 'run', plan: { listen, settings: 'settings' } };

function setUp(readyLimitMs = 60_000) {
  const readers: FakeChild[] = [];
  const generations: FakeChild[] = [];
  const retained: number[] = [];
  const exits: number[] = [];
  const inherited: (readonly number[])[] = [];
  const faults: ListenFault[] = [];
  const shepherd = createShepherd({
    readCommandLine() {
      const child = fakeChild(`reader ${readers.length}`);
      readers.push(child);
      return child;
    },
    startGeneration(fds) {
      inherited.push(fds);
      const child = fakeChild(`generation ${generations.length}`);
      generations.push(child);
      return child;
    },
    sockets: {
      open: async () => ({ held: [{ entryPoint: 'web', fds: [30, 31] }], faults }),
      retain: (plans) => void retained.push(plans.length),
    },
    exit: (status) => void exits.push(status),
    readyLimitMs,
  });
  const generation = (at: number): FakeChild => {
    const child = generations[at];
    assert.ok(child, `there is a generation ${at}`);
    return child;
  };
  /** The command line is read, and asks for a gateway. */
  async function read(at: number, message: ToShepherd = run): Promise<void> {
    await readers[at]?.say(message);
    await readers[at]?.end(0);
  }
  return { shepherd, readers, generations, generation, read, retained, exits, inherited, faults };
}

test('a command that ends is the end of all, with its status', async () => {
  const { readers, generations, exits } = setUp();
  await readers[0]?.end(2);
  assert.deepEqual(exits, [2]);
  assert.equal(generations.length, 0);
});

test('a generation gets each socket several times, under the numbers that it will find them at', async () => {
  const { generation, read, inherited } = setUp();
  await read(0);
  assert.deepEqual(inherited, [[30, 30, 30, 30, 30, 31, 31, 31, 31, 31]]);
  assert.deepEqual(generation(0).heard, [
    {
      type: 'start',
      start: {
        settings: 'settings',
        sockets: [
          {
            entryPoint: 'web',
            slots: [
              [4, 5, 6, 7, 8],
              [9, 10, 11, 12, 13],
            ],
          },
        ],
        faults: [],
        isSuccessor: false,
      },
    },
  ]);
});

test('the old generation retires only when the new one serves, and its end is not the end', async () => {
  const { shepherd, generation, read, exits } = setUp();
  await read(0);
  shepherd.upgrade();
  await read(1);
  assert.equal(generation(0).heard.length, 1, 'it is not told before');
  await generation(1).say({ type: 'ready' });
  assert.deepEqual(generation(0).heard.at(-1), { type: 'retire' });
  await generation(0).end(0);
  assert.deepEqual(exits, []);
  await generation(1).end(7);
  assert.deepEqual(exits, [7], 'the one that serves has the last word');
});

test('a successor that does not come up leaves the old one in its place, with the reason', async () => {
  const { shepherd, readers, generation, read, faults, exits } = setUp();
  const reasonOf = () => {
    const last = generation(0).heard.at(-1);
    return last?.type === 'stay' ? last.reason : undefined;
  };
  await read(0);
  shepherd.upgrade();
  await readers[1]?.end(2);
  assert.match(reasonOf() ?? '', /faulty \(exit status 2\)/);

  faults.push({ entryPoint: 'web', message: 'Port 80 is taken.' });
  shepherd.upgrade();
  await read(2);
  assert.equal(reasonOf(), 'Port 80 is taken.');
  faults.pop();

  shepherd.upgrade();
  await read(3);
  await generation(1).end(139);
  assert.match(reasonOf() ?? '', /status 139 before it served/);
  assert.deepEqual(exits, []);
});

test('a successor that takes too long is ended', async () => {
  const { shepherd, generation, read } = setUp(1);
  await read(0);
  shepherd.upgrade();
  await read(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(generation(1).heard.at(-1), { type: 'end', signal: 'SIGTERM' });
  await generation(1).end(0);
  assert.match(JSON.stringify(generation(0).heard.at(-1)), /did not serve within/);
});

test('whoever asks during an upgrade gets another one after it', async () => {
  const { shepherd, readers, generation, read } = setUp();
  await read(0);
  shepherd.upgrade();
  shepherd.upgrade();
  shepherd.upgrade();
  await read(1);
  assert.equal(readers.length, 2);
  await generation(1).say({ type: 'ready' });
  assert.equal(readers.length, 3, 'one, however often it was asked for');
  await read(2);
  await generation(2).say({ type: 'ready' });
  assert.deepEqual(generation(1).heard.at(-1), { type: 'retire' });
  assert.equal(readers.length, 3);
});

test('a signal reaches every process once, and the sockets are let go', async () => {
  const { shepherd, generation, read, retained, exits } = setUp();
  await read(0);
  shepherd.upgrade();
  await read(1);
  await generation(1).say({ type: 'ready' });
  shepherd.end('SIGTERM');
  const ends = (child: FakeChild) => child.heard.filter(({ type }) => type === 'end').length;
  assert.deepEqual([ends(generation(0)), ends(generation(1))], [1, 1]);
  assert.equal(retained.at(-1), 0);
  await generation(1).end(0);
  assert.deepEqual([ends(generation(0)), exits.length], [1, 0], 'the old one still has streams');
  await generation(0).end(0);
  assert.deepEqual(exits, [0]);
});

test('a signal before anything serves ends what is under way', async () => {
  const { shepherd, readers, exits } = setUp();
  shepherd.end('SIGINT');
  assert.deepEqual(readers[0]?.killed, ['SIGINT']);
  await readers[0]?.end(130);
  assert.deepEqual(exits, [130]);
});

test('a generation that wants to be renewed is, but only the one that serves', async () => {
  const { readers, generation, read } = setUp();
  await read(0);
  await generation(0).say({ type: 'renew' });
  await read(1);
  await generation(1).say({ type: 'ready' });
  await generation(0).say({ type: 'renew' });
  assert.equal(readers.length, 2);
});
