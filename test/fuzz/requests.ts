// Requests on one connection: what the wire lane reads by itself must be what llhttp reads, to the byte; what it passes
// on of a body must be the same body for who gets it.
import assert from 'node:assert/strict';
import { RequestBody } from '../../src/data-plane/lanes/wire/request-body.ts';
import { parseRequestHead, type RequestHead } from '../../src/data-plane/lanes/wire/request-head.ts';
import { type Choices, cut, mutate, pick } from './choices.ts';
import { type Message, readRequests } from './llhttp.ts';

const methods = [
  'GET',
  'POST',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'CONNECT',
  'TRACE',
  'get',
  'PRI',
];
const targets = [
  '/',
  '/a?b=c',
  '/%2e/x',
  '*',
  'http://b/x',
  '/a b',
  '/a#b',
  '//x',
  '/\x7f',
  '/caf\xe9',
  '/"<>\\^`{|}',
];
const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/1.10',
];
const plainFields = [
  'X-A: 1',
  'x-b:',
  'Cookie: a=b; c=d',
  'TE: trailers',
  'Accept: */*',
  'X-C:\t2 ',
  'X-Caf\xe9: 1',
  'X-D: caf\xe9',
];
const framings = [
  'Content-Length: 5',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked',
  'Content-Length: 0',
  'Content-Length: 05',
  'content-length: 5',
  'Content-Length: +5',
  'Content-Length: 5,5',
  'Content-Length: 5 5',
  'Content-Length:5 ',
  'Content-Length: 0x5',
  'Content-Length : 5',
  'Content_Length: 5',
  'Content-Length: ',
  'Content-Length: 99999999999999999999',
  'Content-Length: 5\r\nContent-Length: 6',
  'TRANSFER-ENCODING:\tChunked ',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked\t',
  'Content-Length: 5\t',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\r\n chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: chunked;q=1',
  'Transfer_Encoding: chunked',
  ' Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
  'Transfer-Encoding:\vchunked',
  'Transfer-Encoding: chun\0ked',
];
const otherFields = [
  'Connection: close',
  'Connection: keep-alive',
  'Connection: keep-alive, close',
  'Connection: x-close',
  'Connection: upgrade',
  'Connection: upgrade\r\nUpgrade: websocket',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c',
  'Upgrade: websocket',
  'Connection: x-upgrade\r\nUpgrade: websocket',
  'Connection: upgrade\r\nUpgrade: a, b',
  'Host: b',
  'Expect: 100-continue',
  'Connection: upgrade,close\r\nUpgrade: foo/1',
  'Trailer: X',
  'Proxy-Connection: close',
  'Connection: content-length',
  'X\0: y',
  'no colon',
  ' folded: x',
  ': empty',
  'X: a\r\n b',
  'Connection: "upgrade"\r\nUpgrade: foo',
];
const sizes = [
  '5',
  '5',
  '5',
  '05',
  '0005',
  '5 ',
  ' 5',
  '5;a=b',
  '5;a="b;c"',
  '5;',
  '5;\n',
  '5\t',
  '0x5',
  '-5',
  '5;a b',
  '5;a\0',
  '5;a=',
  'g',
];
const ends = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', ''];
const data = ['hello', 'hello', 'hello', '0\r\n\r\n', 'helloo', 'GET /'];
const lasts = [
  '0\r\n\r\n',
  '0\r\n\r\n',
  '0\r\n\r\n',
  '000\r\n\r\n',
  '0;a=b\r\n\r\n',
  '0\r\nX: y\r\n\r\n',
  '0\r\nX y\r\n\r\n',
  '0\r\n X: y\r\n\r\n',
  '0\r\nX:\0\r\n\r\n',
  '0\r\nContent-Length: 5\r\n\r\n',
  '0\r\nTransfer-Encoding: chunked\r\n\r\n',
  '0\r\n',
  '0\n\n',
  '0\r\n\n',
  '',
];

/** What a client might send: one request or more, in order and out of order. */
export function generateRequests(choices: Choices): Buffer {
  let text = '';
  for (let count = 1 + choices.next(3); count > 0; count--) text += oneRequest(choices);
  return Buffer.from(choices.next(3) === 0 ? mutate(choices, text) : text, 'latin1');
}

function oneRequest(choices: Choices): string {
  const isOdd = choices.next(3) === 0;
  const lines = [
    `${isOdd ? pick(choices, methods) : 'POST'} ${isOdd ? pick(choices, targets) : '/'} ${isOdd ? pick(choices, versions) : 'HTTP/1.1'}`,
  ];
  if (choices.next(20) > 0) lines.push('Host: a');
  for (let count = choices.next(3); count > 0; count--) lines.push(pick(choices, plainFields));
  const framing = choices.next(5) === 0 ? '' : pick(choices, framings);
  if (framing !== '') lines.push(framing);
  if (choices.next(3) === 0) lines.push(pick(choices, otherFields));
  const body = /chunked/i.test(framing) ? chunkedBody(choices) : framing === '' ? '' : pick(choices, data);
  return `${lines.join(choices.next(30) === 0 ? '\n' : '\r\n')}\r\n\r\n${body}`;
}

/** A chunked body, plain or not. */
export function chunkedBody(choices: Choices): string {
  let text = '';
  for (let count = choices.next(4); count > 0; count--) {
    const isOdd = choices.next(4) === 0;
    text += isOdd
      ? pick(choices, sizes) + pick(choices, ends) + pick(choices, data) + pick(choices, ends)
      : '5\r\nhello\r\n';
  }
  return text + pick(choices, lasts);
}

/** What the wire lane reads of a connection. */
type WireMessage = {
  readonly head: RequestHead;
  readonly passedOn: string;
  readonly bodyBytes: number;
  readonly isWhole: boolean;
  readonly end: number;
};

/** Reads as WireConnection does: heads are looked for in all that has come, bodies are followed piece by piece. */
function readAsWire(pieces: readonly Buffer[]): { messages: WireMessage[]; refused: boolean } {
  const messages: WireMessage[] = [];
  let early: Buffer = Buffer.alloc(0);
  let consumed = 0;
  let open: { head: RequestHead; body: RequestBody; passedOn: string } | undefined;
  const settle = (isWhole: boolean): void => {
    if (open === undefined) return;
    messages.push({
      head: open.head,
      passedOn: open.passedOn,
      bodyBytes: open.body.bytes,
      isWhole,
      end: consumed,
    });
    open = undefined;
  };
  for (const piece of pieces) {
    let at = 0;
    let bytes = piece;
    while (at < bytes.length || early.length > 0) {
      if (open === undefined) {
        bytes = early.length === 0 ? bytes.subarray(at) : Buffer.concat([early, bytes.subarray(at)]);
        at = 0;
        const text = bytes.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        const head = end < 0 ? undefined : readTwice(text, end);
        early = end < 0 ? bytes : Buffer.alloc(0);
        if (end < 0) break;
        if (head === undefined) return { messages, refused: false };
        at = end + 4;
        consumed += at;
        const body = new RequestBody(head);
        const next = { head, body, passedOn: '' };
        body.sendTo({
          writeBody: (part: Buffer) => {
            next.passedOn += part.toString('latin1');
            return true;
          },
        } as never);
        open = next;
      } else {
        const end = open.body.take(bytes, at);
        if (end < 0) {
          settle(false);
          return { messages, refused: true };
        }
        consumed += end - at;
        at = end;
      }
      if (open?.body.isWhole === true) {
        const { closes, upgrades } = open.head;
        settle(true);
        if (closes || upgrades) return { messages, refused: false };
      }
    }
  }
  settle(false);
  return { messages, refused: false };
}

/** A head that a connection remembers must be read as one that it has never seen. */
function readTwice(text: string, end: number): RequestHead | undefined {
  const head = parseRequestHead(text, end);
  if (head === undefined) return undefined;
  assert.deepEqual(parseRequestHead(text, end, head), head);
  const line = `${head.method === 'GET' ? 'PUT' : 'GET'} /other HTTP/1.1\r\n`;
  const other = line + head.fieldLines;
  const otherEnd = other.indexOf('\r\n\r\n');
  assert.deepEqual(parseRequestHead(other, otherEnd, head), parseRequestHead(other, otherEnd));
  return head;
}

/** Fails when the two differ. */
export function checkRequests(bytes: Buffer, choices: Choices): void {
  const wire = readAsWire(cut(choices, bytes));
  if (wire.messages.length === 0) return;
  const reference = readRequests(bytes);
  for (const [at, mine] of wire.messages.entries()) {
    const theirs = reference.messages[at];
    assert.ok(theirs !== undefined, `llhttp refused (${reference.error}) what the wire lane took`);
    compare(mine, theirs, wire.refused);
    if (mine.isWhole) checkEnd(bytes, mine.end, at);
  }
}

function compare(
  { head, passedOn, bodyBytes, isWhole }: WireMessage,
  theirs: Message,
  isRefused: boolean,
): void {
  assert.equal(head.method, theirs.method);
  assert.equal(head.target, theirs.target);
  assert.deepEqual(head.fields, theirs.fields);
  assert.equal(head.upgrades && !theirs.asksUpgrade, false, 'an upgrade that llhttp does not see');
  if (isWhole) {
    assert.ok(theirs.isWhole, 'llhttp sees no end of this body');
    assert.equal(bodyBytes, theirs.body.length);
  } else assert.ok(theirs.body.length >= bodyBytes);
  // The replica reads what the lane passed on.
  const framing =
    head.framing === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${Math.max(0, head.length)}`;
  const upstream = readRequests(
    Buffer.from(`POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n${passedOn}`, 'latin1'),
  );
  assert.equal(upstream.error, undefined);
  assert.equal(upstream.messages.length, 1);
  assert.equal(
    upstream.messages[0]?.isWhole,
    isWhole || (head.framing !== 'chunked' && Math.max(0, head.length) === bodyBytes),
  );
  const received = upstream.messages[0]?.body ?? '';
  if (isRefused) assert.ok(theirs.body.startsWith(received));
  else assert.equal(received, theirs.body.slice(0, bodyBytes));
}

/** The message ends at this byte for llhttp too: it is whole with it and not without it. */
function checkEnd(bytes: Buffer, end: number, index: number): void {
  assert.equal(readRequests(bytes.subarray(0, end)).messages[index]?.isWhole, true);
  assert.notEqual(readRequests(bytes.subarray(0, end - 1)).messages[index]?.isWhole, true);
}
