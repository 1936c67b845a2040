// Connections of HTTP/2: what a well-behaved client sends is read as it was meant, and whatever else comes ends in order.
import assert from 'node:assert/strict';
import type { Http2Stream, StreamUser } from '../../src/data-plane/http2/http2-stream.ts';
import { ServerSession } from '../../src/data-plane/http2/server-session.ts';
import { createSessionParts } from '../../src/data-plane/http2/session-options.ts';
import { createFieldNames } from '../../src/lib/http2/field-names.ts';
import { clientPreface } from '../../src/lib/http2/frames.ts';
import { HpackEncoder } from '../../src/lib/http2/hpack-encoder.ts';
import { endHeaders, endStream, frame, uint32 } from '../support/http2-frames.ts';
import { silentSocket } from '../support/silent-socket.ts';
import { type Choices, cut, mutate, pick } from './choices.ts';

/** What became of a request, or was meant to. */
type Story = { fields: readonly string[]; body: string; isWhole: boolean; closes: number };

const options = {
  isServer: true,
  settings: new Map([[3, 100]]),
  windowBytes: 1024 * 1024,
  list: { maxBytes: 65_536, maxFields: 200 },
  encoderTableBytes: 4096,
};
const parts = createSessionParts();
const padded = 8;
const prioritized = 32;

/** A connection as a client means it, with the story of each of its streams. */
export function generateConnection(choices: Choices): { bytes: string; stories: Map<number, Story> } {
  const encoder = new HpackEncoder(createFieldNames(), 4096);
  const stories = new Map<number, Story>();
  const open: number[] = [];
  let bytes =
    clientPreface +
    frame('settings', 0, 0, pick(choices, ['', `\0\x04${uint32(100)}`, `\0\x01${uint32(0)}`]));
  let next = 1;
  for (let steps = 1 + choices.next(20); steps > 0; steps--) {
    const at = choices.next(open.length + 2);
    const stream = open[at];
    const story = stream === undefined ? undefined : stories.get(stream);
    if (stream === undefined || story === undefined) {
      const isEnd = choices.next(2) === 0;
      const fields = generateHead(choices);
      stories.set(next, { fields, body: '', isWhole: isEnd, closes: 0 });
      bytes += headFrames(choices, next, encode(encoder, fields), isEnd);
      if (!isEnd) open.push(next);
      next += 2 * (1 + choices.next(3));
      continue;
    }
    const way = choices.next(8);
    if (way < 4) {
      const part = 'x'.repeat(choices.next(300));
      const isEnd = way === 0;
      story.body += part;
      story.isWhole = isEnd;
      bytes += dataFrame(choices, stream, part, isEnd);
      if (isEnd) open.splice(at, 1);
    } else if (way === 4) {
      bytes += frame('reset', 0, stream, uint32(8));
      open.splice(at, 1);
      stories.delete(stream);
    } else bytes += aside(choices, stream);
  }
  return { bytes, stories };
}

function generateHead(choices: Choices): string[] {
  const fields = [
    ':method',
    pick(choices, ['GET', 'POST', 'PUT']),
    ':scheme',
    'http',
    ':path',
    `/${choices.next(9)}`,
  ];
  if (choices.next(3) > 0) fields.push(':authority', pick(choices, ['a.test', 'b.test:8080']));
  for (let count = choices.next(5); count > 0; count--) {
    fields.push(pick(choices, ['cookie', 'x-a', 'accept', 'user-agent']), 'v'.repeat(choices.next(40)));
  }
  return fields;
}

function encode(encoder: HpackEncoder, fields: readonly string[]): string {
  const into = Buffer.alloc(HpackEncoder.maxBytes(fields));
  return into.toString('latin1', 0, encoder.encode(fields, into, 0));
}

function headFrames(choices: Choices, stream: number, block: string, isEnd: boolean): string {
  const end = isEnd ? endStream : 0;
  const cutAt = choices.next(3) === 0 ? choices.next(block.length + 1) : block.length;
  const first = block.slice(0, cutAt);
  const isWhole = cutAt === block.length && choices.next(4) > 0;
  const flags = end | (isWhole ? endHeaders : 0);
  const way = choices.next(3);
  const head =
    way === 0
      ? frame('headers', flags, stream, first)
      : way === 1
        ? frame('headers', flags | padded, stream, `\x03${first}\0\0\0`)
        : frame('headers', flags | prioritized, stream, `${uint32(0)}\x10${first}`);
  return isWhole ? head : head + frame('continuation', endHeaders, stream, block.slice(cutAt));
}

function dataFrame(choices: Choices, stream: number, part: string, isEnd: boolean): string {
  const end = isEnd ? endStream : 0;
  const padding = choices.next(20);
  if (choices.next(2) === 0) return frame('data', end, stream, part);
  return frame('data', end | padded, stream, String.fromCharCode(padding) + part + '\0'.repeat(padding));
}

/** What changes no request. */
function aside(choices: Choices, stream: number): string {
  return pick(choices, [
    frame('ping', 0, 0, '12345678'),
    frame('windowUpdate', 0, stream, uint32(1 + choices.next(1000))),
    frame('windowUpdate', 0, 0, uint32(1 + choices.next(1000))),
    frame('settings', 0, 0, `\0\x04${uint32(choices.next(100_000))}`),
    frame('settings', 1, 0, ''),
    `\0\0\x05\x02\0${uint32(stream)}${uint32(0)}\x10`,
    `\0\0\x03\xfe\0${uint32(stream)}abc`,
  ]);
}

/** Feeds a connection; gives what became of its streams. */
function serve(choices: Choices, bytes: string): { stories: Map<number, Story>; failure: Error | undefined } {
  const stories = new Map<number, Story>();
  const streams: Http2Stream[] = [];
  const session = new ServerSession(silentSocket().socket, options, parts, {
    onRequest(stream, fields) {
      const story: Story = { fields, body: '', isWhole: !stream.hasBody, closes: 0 };
      stories.set(stream.id, story);
      streams.push(stream);
      stream.user = userOf(choices, story);
      stream.read();
    },
    onGone() {},
  });
  for (const piece of cut(choices, Buffer.from(bytes, 'latin1'))) {
    session.onData(piece);
    session.endTurn();
  }
  for (let rest = 0; rest < 100; rest++) session.endTurn();
  const { failure } = session;
  for (const stream of streams) {
    while (!stream.isClosed && !(stories.get(stream.id) as Story).isWhole && isFed(stream)) stream.read();
    if (choices.next(2) === 0) stream.sendHead([':status', '200'], true);
  }
  session.onClose();
  session.onClose();
  for (const [id, { closes }] of stories) assert.equal(closes, 1, `stream ${id} is closed once`);
  return { stories, failure };
}

const fed = new WeakMap<Http2Stream, number>();

/** Each of its parts may have made it stop. */
function isFed(stream: Http2Stream): boolean {
  const times = (fed.get(stream) ?? 0) + 1;
  fed.set(stream, times);
  return times < 100;
}

function userOf(choices: Choices, story: Story): StreamUser {
  return {
    onStreamData(bytes) {
      story.body += bytes.toString('latin1');
      return choices.next(4) > 0;
    },
    onStreamEnd() {
      story.isWhole = true;
    },
    onStreamDrain() {},
    onStreamClose() {
      story.closes += 1;
    },
  };
}

/** @throws where a request has become another one. */
export function checkConnection(bytes: string, wanted: ReadonlyMap<number, Story>, choices: Choices): void {
  const { stories, failure } = serve(choices, bytes);
  assert.equal(failure, undefined);
  for (const [id, { fields, body, isWhole }] of wanted) {
    const { closes: _, ...got } = stories.get(id) ?? { closes: 0 };
    assert.deepEqual(got, { fields, body, isWhole }, `stream ${id}`);
  }
}

/** @throws where bytes that nobody meant make the connection lose count of its streams, or throw. */
export function checkBrokenConnection(choices: Choices): void {
  serve(choices, mutate(choices, generateConnection(choices).bytes));
}
