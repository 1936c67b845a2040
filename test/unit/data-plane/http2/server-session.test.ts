// Connections of clients, fed by hand: what is begun when, what windows allow, and what may wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Http2Stream } from '../../../../src/data-plane/http2/http2-stream.ts';
import { ServerSession } from '../../../../src/data-plane/http2/server-session.ts';
import { createSessionParts } from '../../../../src/data-plane/http2/session-options.ts';
import {
  endHeaders,
  endStream,
  frame,
  goawayCode,
  headers,
  parseFrames,
  preface,
  uint32,
} from '../../../support/http2-frames.ts';
import { silentSocket } from '../../../support/silent-socket.ts';

const wide = 2 ** 31 - 1;
const types = { data: 0, headers: 1, reset: 3, settings: 4, windowUpdate: 8 } as const;

/** A connection with its settings done; `begun` are the requests that the owner has been given. */
function connect(maxStreams = 1_000) {
  const { socket, take, written } = silentSocket();
  const begun: Http2Stream[] = [];
  const options = {
    isServer: true,
    settings: new Map([[3, maxStreams]]),
    windowBytes: 1_000_000,
    list: { maxBytes: 10_000, maxFields: 100 },
    encoderTableBytes: 4096,
  };
  const session = new ServerSession(socket, options, createSessionParts(), {
    onRequest: (stream) => void begun.push(stream),
    onGone() {},
  });
  const feed = (text: string): void => session.onData(Buffer.from(text, 'latin1'));
  const sent = (type: keyof typeof types, stream?: number) =>
    parseFrames(written().toString('latin1')).filter(
      (one) => one.type === types[type] && (stream === undefined || one.stream === stream),
    );
  const bodyOf = (stream: number): number =>
    sent('data', stream).reduce((sum, { payload }) => sum + payload.length, 0);
  feed(preface);
  return { session, socket, begun, feed, sent, bodyOf, take, written };
}

const get = (stream: number): string => headers(stream, {}, endHeaders | endStream);
const post = (stream: number): string => headers(stream, { ':method': 'POST' });
const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('what is reset in the same breath is never begun', () => {
  const { begun, feed } = connect();
  feed(
    range(20)
      .map((at) => get(2 * at + 1) + frame('reset', 0, 2 * at + 1, uint32(8)))
      .join('') + get(101),
  );
  assert.deepEqual(
    begun.map(({ id }) => id),
    [101],
  );
});

test('so many requests are begun in one turn, and the others in the next ones', () => {
  const { session, begun, feed } = connect();
  feed(
    range(100)
      .map((at) => get(2 * at + 1))
      .join(''),
  );
  assert.equal(begun.length, 32);
  for (let turn = 0; turn < 30; turn++) session.endTurn();
  assert.deepEqual(
    begun.map(({ id }) => id),
    range(100).map((at) => 2 * at + 1),
  );
});

test('streams beyond the limit are refused, and their fields enter the table all the same', () => {
  const { begun, feed, sent, session } = connect(1);
  feed(
    post(1) + frame('headers', endHeaders, 3, '\x82\x86\x84\x40\x01a\x01b') + frame('reset', 0, 1, uint32(8)),
  );
  feed(frame('headers', endHeaders, 5, '\x82\x86\x84\xbe'));
  session.endTurn();
  assert.deepEqual(
    sent('reset').map(({ stream, payload }) => [stream, payload.charCodeAt(3)]),
    [[3, 7]],
  );
  assert.deepEqual(
    begun.map(({ id }) => id),
    [5],
  );
});

test('data goes out as far as windows allow, and the rest when they are opened, each stream in its turn', () => {
  const { session, begun, feed, bodyOf, sent } = connect();
  feed(frame('settings', 0, 0, `\0\x04${uint32(40_000)}`) + get(1) + get(3));
  for (const stream of begun) {
    stream.sendHead([':status', '200'], false);
    stream.write(Buffer.alloc(60_000), true);
  }
  session.endTurn();
  // 65,535 for the connection, 40,000 for each stream.
  assert.deepEqual([bodyOf(1), bodyOf(3)], [40_000, 25_535]);
  assert.equal(begun[0]?.waitingBytes, 20_000);
  feed(frame('windowUpdate', 0, 0, uint32(wide - 65_535)));
  session.endTurn();
  assert.deepEqual([bodyOf(1), bodyOf(3)], [40_000, 40_000]);
  feed(frame('windowUpdate', 0, 1, uint32(20_000)) + frame('windowUpdate', 0, 3, uint32(20_000)));
  session.endTurn();
  assert.deepEqual([bodyOf(1), bodyOf(3)], [60_000, 60_000]);
  assert.ok(sent('data').every(({ payload }) => payload.length <= 16_384));
  assert.deepEqual(sent('data').filter(({ flags }) => flags === endStream).length, 2);
});

test('the writer hears once that its data is out', () => {
  const { session, begun, feed } = connect();
  feed(frame('settings', 0, 0, `\0\x04${uint32(10)}`) + get(1));
  const stream = begun[0] as Http2Stream;
  let drains = 0;
  stream.user = {
    onStreamData: () => true,
    onStreamEnd() {},
    onStreamDrain: () => void drains++,
    onStreamClose() {},
  };
  stream.sendHead([':status', '200'], false);
  assert.equal(stream.write(Buffer.alloc(10)), true);
  assert.equal(stream.write(Buffer.alloc(5)), false);
  assert.equal(stream.write(Buffer.alloc(5)), false);
  feed(frame('windowUpdate', 0, 1, uint32(9)));
  assert.equal(drains, 0);
  feed(frame('windowUpdate', 0, 1, uint32(9)));
  assert.equal(drains, 1);
  session.endTurn();
});

test('what a client does not read waits in its streams, and stops them', () => {
  const { session, begun, feed, take, written } = connect();
  feed(
    frame('settings', 0, 0, `\0\x04${uint32(wide)}`) +
      frame('windowUpdate', 0, 0, uint32(wide - 65_535)) +
      get(1),
  );
  take(false);
  const stream = begun[0] as Http2Stream;
  stream.sendHead([':status', '200'], false);
  const part = Buffer.alloc(64 * 1024);
  let parts = 0;
  for (; stream.write(part); parts++) session.endTurn();
  assert.ok(parts < 10, `${parts} parts of 64 KiB`);
  const before = written().length;
  stream.write(part);
  session.endTurn();
  assert.equal(written().length, before);
  take(true);
  session.endTurn();
  assert.equal(stream.waitingBytes, 0);
});

test('windows are opened again for what is taken, and for nothing else', () => {
  const { session, begun, feed, sent } = connect();
  feed(post(1));
  const part = 'x'.repeat(10_000);
  for (let at = 0; at < 20; at++) feed(frame('data', 0, 1, part));
  session.endTurn();
  assert.deepEqual(sent('windowUpdate', 1), []);
  begun[0]?.read();
  session.endTurn();
  const opened = sent('windowUpdate', 1).map(({ payload }) => Buffer.from(payload, 'latin1').readUInt32BE(0));
  assert.deepEqual(opened, [140_000]);
});

test('more data than the window allows is a fault of its stream', () => {
  const { session, feed, sent } = connect();
  feed(post(1));
  for (let at = 0; at < 27; at++) feed(frame('data', 0, 1, 'x'.repeat(10_000)));
  session.endTurn();
  assert.deepEqual(
    sent('reset').map(({ stream, payload }) => [stream, payload.charCodeAt(3)]),
    [[1, 3]],
  );
});

test('a body of another length than its head says is a fault of its stream', () => {
  const { session, feed, sent } = connect();
  const long = headers(1, { ':method': 'POST', 'content-length': '3' });
  feed(
    long +
      frame('data', endStream, 1, 'ab') +
      long.replace('\0\0\0\x01', '\0\0\0\x03') +
      frame('data', 0, 3, 'abcd'),
  );
  session.endTurn();
  assert.deepEqual(
    sent('reset').map(({ stream, payload }) => [stream, payload.charCodeAt(3)]),
    [
      [1, 1],
      [3, 1],
    ],
  );
});

test('an answer that is whole ends in its last frame, and a request that is not is asked to stop', () => {
  const { session, begun, feed, sent } = connect();
  feed(get(1) + post(3));
  for (const stream of begun) {
    stream.sendHead([':status', '200'], false);
    stream.write(Buffer.from('all'));
    stream.end();
    stream.stopReading();
  }
  session.endTurn();
  assert.deepEqual(
    sent('data').map(({ flags, payload }) => [flags, payload]),
    [
      [endStream, 'all'],
      [endStream, 'all'],
    ],
  );
  assert.deepEqual(
    sent('reset').map(({ stream, payload }) => [stream, payload.charCodeAt(3)]),
    [[3, 0]],
  );
  assert.equal(session.streams.size, 0);
});

const idleFrames: Readonly<Record<string, () => string>> = {
  SETTINGS: () => frame('settings', 0, 0, ''),
  PING: () => frame('ping', 0, 0, '12345678'),
  'frames that nobody knows': () => '\0\0\0\xfe\0\0\0\0\0',
  'windows of the connection': () => frame('windowUpdate', 0, 0, uint32(1)),
};

for (const [name, part] of Object.entries(idleFrames)) {
  test(`${name} without end: the connection ends`, () => {
    const { feed, session, socket, written } = connect();
    feed(range(2_000).map(part).join(''));
    assert.equal(session.isOver, true);
    assert.equal(goawayCode(written().toString('latin1')), 11);
    assert.equal(socket.writableEnded, true);
  });
}

test('a probe for each frame of data is no flood', () => {
  const { feed, session } = connect();
  feed(post(1));
  session.streams.get(1)?.discard();
  for (let at = 0; at < 5_000; at++)
    feed(frame('data', 0, 1, 'x'.repeat(100)) + frame('ping', 0, 0, '12345678'));
  assert.equal(session.failure, undefined);
});

test('an end is announced, and comes with the last stream', () => {
  const { begun, feed, session, socket, sent } = connect();
  feed(get(1));
  session.announceEnd();
  feed(get(3));
  session.close();
  feed(get(5));
  assert.deepEqual(
    begun.map(({ id }) => id),
    [1, 3],
  );
  for (const stream of begun) {
    assert.equal(socket.writableEnded, false);
    stream.sendHead([':status', '204'], true);
  }
  assert.equal(socket.writableEnded, true);
  assert.equal(sent('headers').length, 2);
});
