import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { RequestBody } from '../../../../src/data-plane/live-state/upstream.ts';
import { ReplayableBody } from '../../../../src/data-plane/middlewares/replayable-body.ts';
import { bodyOf } from '../../../support/request-body.ts';
import { until } from '../../../support/until.ts';

/** Takes what comes, and wants a pause after `limit` chunks. */
function reading(body: RequestBody, limit = Infinity) {
  const taken = { text: '', chunks: 0, end: '' };
  body.begin({
    onBodyData(chunk) {
      taken.text += chunk.toString();
      taken.chunks += 1;
      return taken.chunks !== limit;
    },
    onBodyEnd: () => {
      taken.end += 'whole';
    },
    onBodyError: ({ code }) => {
      taken.end += code;
    },
  });
  return taken;
}

function opened(maxBytes = 100) {
  const stream = new PassThrough();
  const cancelled = { count: 0 };
  const body = new ReplayableBody(
    bodyOf(stream, () => {
      cancelled.count += 1;
    }),
    maxBytes,
  );
  return { stream, body, cancelled };
}

test('a second reader gets it from its start, and the rest as it comes', async () => {
  const { stream, body, cancelled } = opened();
  const first = body.open();
  const before = reading(first);
  stream.write('one ');
  await until('the first part has come', () => before.text === 'one ');
  first.cancel();
  const second = body.open();
  const after = reading(second);
  stream.end('two');
  await until('it is whole', () => after.end === 'whole');
  assert.deepEqual([after.text, before.text, before.end], ['one two', 'one ', '']);
  second.resume();
  assert.equal(after.end, 'whole', 'the end is told once');
  const third = reading(body.open());
  assert.deepEqual([third.text, third.end], ['one two', 'whole']);
  assert.equal(cancelled.count, 0);
  body.release();
  assert.equal(cancelled.count, 1);
});

test('a reader that wants no more stops the replay and the client', async () => {
  const { stream, body } = opened();
  const first = body.open();
  const all = reading(first);
  for (const part of ['a', 'b', 'c']) {
    stream.write(part);
    await until('it has come', () => all.text.endsWith(part));
  }
  first.cancel();
  const second = body.open();
  const slow = reading(second, 2);
  assert.equal(slow.text, 'ab');
  stream.end('d');
  await new Promise(setImmediate);
  assert.equal(slow.text, 'ab');
  second.resume();
  await until('it is whole', () => slow.end === 'whole');
  assert.equal(slow.text, 'abcd');
});

test('what is too long passes, and cannot be had again', async () => {
  const { stream, body, cancelled } = opened(3);
  const first = body.open();
  const all = reading(first);
  stream.write('four');
  await until('it has come', () => all.text === 'four');
  assert.equal(body.isReplayable, false);
  stream.write(' more');
  await until('it goes on', () => all.text === 'four more');
  first.cancel();
  assert.equal(cancelled.count, 1, 'nobody else will want it');
});

test('a client that breaks off is told to whoever reads, also later', async () => {
  const { stream, body } = opened();
  const first = reading(body.open());
  stream.write('half');
  await until('it has come', () => first.text === 'half');
  stream.destroy();
  await until('it is told', () => first.end === 'client-closed');
  const second = reading(body.open());
  assert.deepEqual([second.text, second.end], ['half', 'client-closed']);
});
