// Throughput and first audio follow the published tables; time is the test's own.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CURVES, costAt, REFERENCE_SECONDS } from '../../cosyvoice/curves.ts';
import { type Clock, createGpu } from '../../cosyvoice/gpu.ts';

const OPENING = { audioSeconds: REFERENCE_SECONDS, opensRequest: true };

describe('costAt', () => {
  it('gives the rows of a table as they are', () => {
    for (const { inFlight, requestsPerSecond, firstAudioSeconds } of CURVES.h200.points) {
      const cost = costAt(CURVES.h200, inFlight);
      assert.ok(Math.abs(cost.requestSeconds - inFlight / requestsPerSecond) < 1e-9, `${inFlight}`);
      assert.ok(Math.abs(cost.firstAudioSeconds - firstAudioSeconds) < 1e-9, `${inFlight}`);
    }
  });

  it('lies between the neighbouring rows', () => {
    const { firstAudioSeconds } = costAt(CURVES.h200, 3);
    assert.ok(Math.abs(firstAudioSeconds - (0.97 + 1.35) / 2) < 1e-9);
  });

  it('keeps the throughput of the last row beyond it', () => {
    assert.ok(Math.abs(16 / costAt(CURVES.h200, 16).requestSeconds - 2.02) < 1e-9);
    assert.ok(costAt(CURVES.h200, 16).firstAudioSeconds > 7);
  });

  for (const [name, curve] of Object.entries(CURVES)) {
    it(`never takes longer to the first audio than to the last: ${name}`, () => {
      for (let inFlight = 1; inFlight <= 20; inFlight++) {
        const cost = costAt(curve, inFlight);
        // A whole answer's latency is its own column; the two are measured apart, so they may differ a little.
        assert.ok(cost.firstAudioSeconds <= cost.requestSeconds * 1.05, `${inFlight}`);
      }
    });
  }
});

describe('createGpu', () => {
  for (const { name, inFlight } of [
    { name: 'h200', inFlight: 1 },
    { name: 'h200', inFlight: 4 },
    { name: 'h200', inFlight: 8 },
    { name: '4090d', inFlight: 4 },
    { name: 'l20', inFlight: 2 },
  ] as const) {
    it(`takes the table's time for ${inFlight} at once on ${name}`, async () => {
      const clock = fakeClock();
      const gpu = createGpu(CURVES[name], 0, clock);
      const first: number[] = [];
      const runs = Array.from({ length: inFlight }, () =>
        gpu.run(OPENING, (index) => index === 0 && first.push(clock.now())),
      );
      clock.runOut();
      await Promise.all(runs);
      const cost = costAt(CURVES[name], inFlight);
      assert.equal(first.length, inFlight);
      for (const at of first) assert.ok(Math.abs(at - cost.firstAudioSeconds) < 0.01, `${at}`);
      assert.ok(Math.abs(clock.now() - cost.requestSeconds) < 0.01, `${clock.now()}`);
      assert.ok(Math.abs(gpu.busySeconds() - clock.now()) < 0.01);
    });
  }

  it('gives out all pieces once and in order', async () => {
    const clock = fakeClock();
    const pieces: number[] = [];
    const run = createGpu(CURVES.h200, 0, clock).run(OPENING, (index, total) => {
      assert.equal(total, REFERENCE_SECONDS);
      pieces.push(index);
    });
    clock.runOut();
    await run;
    assert.deepEqual(pieces, [0, 1, 2, 3, 4]);
  });

  it('gives whole groups where the table is of whole answers', async () => {
    const clock = fakeClock();
    const pieces: number[] = [];
    const run = createGpu(CURVES['h200-nonstream'], 0, clock).run(OPENING, (_index, total) =>
      pieces.push(total),
    );
    clock.runOut();
    await run;
    assert.deepEqual(pieces, [1]);
  });

  it('slows a task down when another joins, and speeds it up when that one ends', async () => {
    const clock = fakeClock();
    const gpu = createGpu(CURVES['4090d-nonstream'], 0, clock);
    const ends: Record<string, number> = {};
    const long = gpu.run({ audioSeconds: 20, opensRequest: true }, () => {
      ends.long = clock.now();
    });
    clock.advance(1);
    const short = gpu.run({ audioSeconds: 5, opensRequest: true }, () => {
      ends.short = clock.now();
    });
    clock.runOut();
    await Promise.all([long, short]);
    // Alone 20 s of audio take 4 / 1.47 = 2.72 s; beside another each gets half of 2.33 a second.
    const shared = 2 / 2.33;
    assert.ok(Math.abs((ends.short ?? 0) - (1 + shared)) < 0.01, `${ends.short}`);
    const left = 1 - 1 / (4 / 1.47) - shared / (8 / 2.33);
    assert.ok(Math.abs((ends.long ?? 0) - (1 + shared + left * (4 / 1.47))) < 0.01, `${ends.long}`);
  });

  it('keeps the first task waiting for the warm-up, and only that', async () => {
    const clock = fakeClock();
    const gpu = createGpu(CURVES.h200, 3, clock);
    const first = gpu.run(OPENING, () => {});
    clock.runOut();
    await first;
    assert.ok(Math.abs(clock.now() - 3 - 1 / 0.98) < 0.01, `${clock.now()}`);
    const before = clock.now();
    const second = gpu.run(OPENING, () => {});
    clock.runOut();
    await second;
    assert.ok(Math.abs(clock.now() - before - 1 / 0.98) < 0.01);
  });

  it('takes no time without a curve, save for the warm-up', async () => {
    const clock = fakeClock();
    const gpu = createGpu(undefined, 2, clock);
    const first = gpu.run(OPENING, () => {});
    clock.runOut();
    await first;
    assert.equal(clock.now(), 2);
    const second = gpu.run(OPENING, () => {});
    clock.runOut();
    await second;
    assert.equal(clock.now(), 2);
  });
});

/** Time that stands still until the test moves it. */
function fakeClock(): Clock & { advance(seconds: number): void; runOut(): void } {
  let now = 0;
  const waiting = new Set<{ readonly at: number; readonly callback: () => void }>();
  const runUntil = (end: number): void => {
    for (;;) {
      const next = [...waiting].toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > end) break;
      waiting.delete(next);
      now = Math.max(now, next.at);
      next.callback();
    }
  };
  return {
    now: () => now,
    wake(seconds, callback) {
      const entry = { at: now + seconds, callback };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    advance(seconds) {
      const end = now + seconds;
      runUntil(end);
      now = end;
    },
    runOut: () => runUntil(Number.POSITIVE_INFINITY),
  };
}
