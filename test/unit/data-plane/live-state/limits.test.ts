import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createSharedLimits } from '../../../../src/bridge/shared-limits.ts';
import { createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import { retireWriter } from '../../../../src/lib/shared-cells.ts';

test('threads that take tokens at the same time get as many as there are', async () => {
  const shared = createSharedLimits(4);
  const taken = await Promise.all(
    [0, 1, 2, 3].map(async (writer) => {
      const worker = new Worker(new URL('./limit-taker.ts', import.meta.url), {
        workerData: { shared, writer },
      });
      const [count] = (await once(worker, 'message')) as [number];
      await worker.terminate();
      return count;
    }),
  );
  assert.equal(
    taken.reduce((sum, count) => sum + count, 0),
    2_000,
  );
});

test('all workers count requests under way together, and a dead one is taken out', () => {
  const shared = createSharedLimits(2);
  const [one, other] = [createLimits(shared, 0), createLimits(shared, 1)];
  const leave = one.enter('limit', 'a', 2);
  assert.ok(leave);
  assert.ok(other.enter('limit', 'a', 2));
  assert.equal(one.enter('limit', 'a', 2), undefined);
  assert.ok(one.enter('limit', 'b', 2), 'another source');
  assert.ok(one.enter('another limit', 'a', 2));
  leave();
  assert.ok(other.enter('limit', 'a', 2));
  assert.equal(one.enter('limit', 'a', 2), undefined);
  retireWriter(shared.table.counts, 1);
  assert.ok(one.enter('limit', 'a', 2));
});

test('a source that is a little early waits, and one that is too early takes nothing', () => {
  const limits = createLimits(createSharedLimits(1), 0);
  const hour = 3_600_000_000_000n;
  const bucket = { interval: hour, burst: 2n, maxDelay: hour };
  assert.ok(limits.take('limit', 'a', bucket) <= 0n);
  assert.ok(limits.take('limit', 'a', bucket) <= 0n);
  const wait = limits.take('limit', 'a', bucket);
  assert.ok(wait > 0n && wait <= hour, `${wait}`);
  for (let at = 0; at < 3; at += 1) {
    const refused = limits.take('limit', 'a', bucket);
    assert.ok(refused > hour && refused <= 2n * hour, `${refused}`);
  }
});
