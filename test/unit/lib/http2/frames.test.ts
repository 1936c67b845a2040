import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance } from '../../../../src/lib/http2/allowance.ts';
import { FrameReader } from '../../../../src/lib/http2/frame-reader.ts';
import {
  ConnectionFault,
  contentFrom,
  contentTo,
  readUint31,
  writeFrameHead,
} from '../../../../src/lib/http2/frames.ts';
import { ReceiveWindow } from '../../../../src/lib/http2/receive-window.ts';

type Seen = readonly [type: number, flags: number, stream: number, payload: string];

function reader(stopAfter = Number.POSITIVE_INFINITY): { seen: Seen[]; frames: FrameReader } {
  const seen: Seen[] = [];
  const frames = new FrameReader({
    onFrame: (type, flags, stream, bytes, from, to) => {
      seen.push([type, flags, stream, bytes.toString('latin1', from, to)]);
    },
    get isOver() {
      return seen.length >= stopAfter;
    },
  });
  return { seen, frames };
}

function frameOf(type: number, flags: number, stream: number, payload: string): Buffer {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.write(payload, writeFrameHead(bytes, 0, payload.length, type, flags, stream), 'latin1');
  return bytes;
}

test('frames are read wherever reads are cut', () => {
  const bytes = Buffer.concat([
    frameOf(0, 1, 2 ** 31 - 1, 'abc'),
    frameOf(6, 0, 0, ''),
    frameOf(1, 4, 3, 'x'.repeat(300)),
  ]);
  for (let at = 0; at <= bytes.length; at++) {
    const { seen, frames } = reader();
    frames.read(bytes.subarray(0, at));
    frames.read(bytes.subarray(at));
    assert.deepEqual(seen, [
      [0, 1, 2 ** 31 - 1, 'abc'],
      [6, 0, 0, ''],
      [1, 4, 3, 'x'.repeat(300)],
    ]);
    assert.equal(frames.isInside, false);
  }
});

test('the reserved bit of a stream is passed over, half a frame is known, and what is over hears nothing', () => {
  const first = frameOf(0, 0, 1, 'a');
  first[5] = 0x80;
  const { seen, frames } = reader(1);
  frames.read(first.subarray(0, 5));
  assert.equal(frames.isInside, true);
  frames.read(Buffer.concat([first.subarray(5), first]));
  assert.deepEqual(seen, [[0, 0, 1, 'a']]);
});

test('a frame that is larger than agreed is a fault before it has come', () => {
  assert.throws(() => reader().frames.read(Buffer.from([0, 0x40, 1, 0, 0, 0, 0, 0, 1])), ConnectionFault);
});

test('content stands between padding and priority', () => {
  const padded = Buffer.from([2, 0, 0, 0, 5, 9, 97, 98, 0, 0]);
  assert.equal(contentFrom(0, 0), 0);
  assert.equal(contentFrom(8 | 32, 0, true), 6);
  assert.equal(contentTo(8, padded, 0, 10, 6), 8);
  assert.throws(() => contentTo(8, Buffer.from([9, 0]), 0, 2, 1), ConnectionFault);
  assert.equal(readUint31(Buffer.from([0xff, 0xff, 0xff, 0xff]), 0), 2 ** 31 - 1);
});

test('an allowance is a burst, what time brings, and what is earned, never more than the burst', () => {
  let now = 0;
  const allowance = new Allowance(3, 10, 0);
  const take = (): boolean => allowance.take(() => now);
  assert.deepEqual([take(), take(), take(), take()], [true, true, true, false]);
  now = 500;
  assert.deepEqual([take(), take(), take(), take()], [true, true, true, false]);
  allowance.earn(2);
  assert.deepEqual([take(), take()], [true, false]);
});

test('a window is opened again when half of it is used up, by what is used', () => {
  const window = new ReceiveWindow(100);
  assert.equal(window.take(100), true);
  assert.equal(window.release(49), 0);
  assert.equal(window.release(11), 60);
  assert.equal(window.take(60), true);
  assert.equal(window.take(1), false);
});
