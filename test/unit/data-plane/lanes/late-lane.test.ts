// A lane that is made late serves those that waited for it, and its failure costs no more than their connections.
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createConnectionBook } from '../../../../src/data-plane/lanes/connection-book.ts';
import type { Lane } from '../../../../src/data-plane/lanes/lane.ts';
import { createLateLane } from '../../../../src/data-plane/lanes/late-lane.ts';
import { until } from '../../../support/until.ts';

test('connections that come while it is made are served in their order, with their bytes', async () => {
  const { lane, made, accepted, connections } = lateLane();
  const sockets = [new Socket(), new Socket(), new Socket()] as const;
  lane.accept(sockets[0], Buffer.from('a'));
  lane.accept(sockets[1], undefined);
  // The end of the gateway waits for it.
  assert.equal(connections.of(sockets[0]).underWay, 1);
  made.resolve();
  await until('both are served', () => accepted.length === 2);
  lane.accept(sockets[2], Buffer.from('c'));
  assert.deepEqual(accepted, [
    [sockets[0], 'a'],
    [sockets[1], undefined],
    [sockets[2], 'c'],
  ]);
  assert.equal(lane.attempts(), 1);
  await until('nothing is under way', () => connections.of(sockets[1]).underWay === 0);
});

test('one that has closed meanwhile is not served', async () => {
  const { lane, made, accepted } = lateLane();
  const [gone, there] = [new Socket(), new Socket()];
  lane.accept(gone, undefined);
  lane.accept(there, undefined);
  gone.destroy(new Error('reset'));
  made.resolve();
  await until('the other one is served', () => accepted.length > 0);
  assert.deepEqual(accepted, [[there, undefined]]);
});

test('when it cannot be made the connection is cut, and the next one tries again', async () => {
  const { lane, made, accepted, errors } = lateLane(1);
  made.resolve();
  const [first, second] = [new Socket(), new Socket()];
  lane.accept(first, undefined);
  await until('it is cut', () => first.destroyed);
  assert.deepEqual(errors, ['The complete lane cannot be made.']);
  lane.accept(second, undefined);
  await until('it is served', () => accepted.length === 1);
});

test('it closes what was made, and nothing when nothing was', async () => {
  const { lane, made, accepted, isClosed } = lateLane();
  made.resolve();
  await lane.close();
  assert.equal(isClosed(), false);
  lane.accept(new Socket(), undefined);
  await until('it is made', () => accepted.length === 1);
  await lane.close();
  assert.equal(isClosed(), true);
});

/** One whose lane is made when `made` is resolved; the first `failures` attempts fail. */
function lateLane(failures = 0) {
  const made = Promise.withResolvers<void>();
  const accepted: (readonly [Socket, string | undefined])[] = [];
  const errors: string[] = [];
  const connections = createConnectionBook({ maxRequests: 0, maxAgeMs: 0 });
  let attempts = 0;
  let closed = false;
  const make = async (): Promise<Lane> => {
    attempts += 1;
    await made.promise;
    if (attempts <= failures) throw new Error('no such file');
    return {
      accept: (socket, first) => void accepted.push([socket, first?.toString()]),
      close: async () => {
        closed = true;
      },
    };
  };
  const log = { error: (_: unknown, message: string) => void errors.push(message), debug: () => {} };
  const lane = createLateLane(make, { connections, log });
  return {
    lane: { ...lane, attempts: () => attempts },
    ...{ made, accepted, errors, connections, isClosed: () => closed },
  };
}
