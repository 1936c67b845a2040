// Responses of a replica: what ResponseReader accepts must be what llhttp reads, to the byte; what it passes on of a
// chunked body must be the same body for the client.
import assert from 'node:assert/strict';
import {
  HeadMemory,
  type ReadOutcome,
  ResponseReader,
} from '../../src/data-plane/upstream/wire/response-reader.ts';
import type { Fields } from '../../src/lib/header-fields.ts';
import { type Choices, cut, mutate, pick } from './choices.ts';
import { readResponses } from './llhttp.ts';
import { chunkedBody } from './requests.ts';

const lines = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 200 ',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 205 Reset Content',
  'HTTP/1.1 799 Odd',
  'HTTP/1.1 099 Odd',
  'HTTP/1.1 2000 OK',
  'HTTP/1.1 20 OK',
  'HTTP/1.1  200 OK',
  'HTTP/1.1\t200 OK',
  'HTTP/2.0 200 OK',
  'HTTP/1.2 200 OK',
  'http/1.1 200 OK',
  'HTTP/1.1 200 caf\xe9',
  'HTTP/1.1 200 O\0K',
  'HTTP/1.1 200 O\rK',
  'HTTP/1.1 +20 OK',
  'HTTP/1.1 101 Switching Protocols',
  'ICY 200 OK',
  'SSH-2.0-x',
];
const framings = [
  '',
  'Content-Length: 5',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked',
  'Content-Length: 0',
  'Content-Length: 05',
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length: ',
  'Content-Length : 5',
  'Content-Length:\t5 ',
  'Content-Length: 5\r\nContent-Length: 5',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Content-Length: 5\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: Chunked',
  'Transfer-Encoding:\r\n chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked\t',
  'Content-Length: 5\t',
  'Transfer-Encoding: "chunked"',
  'X: y\nContent-Length: 5',
];
const otherFields = [
  'Connection: close',
  'Connection: keep-alive',
  'Connection: close\r\nConnection: keep-alive',
  'Connection: keep-alive, close',
  'X: 1',
  'X: caf\xe9',
  'X:',
  'Set-Cookie: a=b',
  'Connection: upgrade\r\nUpgrade: websocket',
  'X\0: y',
  'no colon',
  ' folded: x',
  ': empty',
  'X: a\r\n b',
  'Trailer: X',
];

/** What a replica might answer: interim answers, an answer, and what nobody has asked for behind it. */
export function generateResponse(choices: Choices): Buffer {
  let text = '';
  for (let count = choices.next(4) === 0 ? choices.next(3) : 0; count > 0; count--)
    text += `${pick(choices, ['HTTP/1.1 100 Continue', 'HTTP/1.1 103 Early Hints\r\nLink: </a>', 'HTTP/1.1 102 x\r\nContent-Length: 5'])}\r\n\r\n`;
  const heads = [choices.next(3) === 0 ? pick(choices, lines) : 'HTTP/1.1 200 OK'];
  const framing = pick(choices, framings);
  if (framing !== '') heads.push(framing);
  for (let count = choices.next(3); count > 0; count--) heads.push(pick(choices, otherFields));
  const body = /chunked/i.test(framing)
    ? chunkedBody(choices)
    : pick(choices, ['hello', 'hello', '', 'hell']);
  text += `${heads.join(choices.next(30) === 0 ? '\n' : '\r\n')}\r\n\r\n${body}`;
  if (choices.next(8) === 0) text += 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';
  return Buffer.from(choices.next(3) === 0 ? mutate(choices, text) : text, 'latin1');
}

function readOnce(memory: HeadMemory, bytes: Buffer, isHead: boolean): void {
  const reader = new ResponseReader(memory);
  reader.begin({ onInterim: () => {}, onHead: () => {}, onBody: () => {} }, isHead, false);
  reader.read(bytes);
}

/** Fails when the two differ. */
export function checkResponse(bytes: Buffer, choices: Choices): void {
  const isHead = choices.next(6) === 0;
  const unwraps = choices.next(2) === 0;
  const statuses: number[] = [];
  let given = '';
  const memory = new HeadMemory();
  // A head that is remembered must be read as one that nobody has seen.
  if (choices.next(2) === 0) readOnce(memory, bytes, isHead);
  const reader = new ResponseReader(memory);
  reader.begin(
    {
      onInterim: (status) => statuses.push(status),
      onHead: ({ status }) => statuses.push(status),
      onBody: (part) => {
        given += part.toString('latin1');
      },
    },
    isHead,
    unwraps,
  );
  let outcome: ReadOutcome = 'going-on';
  let consumed = 0;
  for (const piece of cut(choices, bytes)) {
    outcome = reader.read(piece);
    consumed += piece.length;
    if (outcome !== 'going-on') break;
  }
  const { head, rest, bodyBytes } = reader;
  if (outcome === 'upgraded' && head !== undefined) statuses.push(head.status);
  if (statuses.length === 0) return;

  const reference = readResponses(bytes, isHead);
  const heads = reference.messages.slice(0, statuses.length);
  assert.deepEqual(
    statuses,
    heads.map(({ status }) => status),
    `llhttp: ${reference.error}`,
  );
  const theirs = heads.at(-1);
  if (head === undefined || theirs === undefined) return;
  assert.deepEqual(head.fields, theirs.fields.slice(0, head.fields.length));
  assert.ok(theirs.body.length >= bodyBytes, 'the reader gives more than llhttp');
  // llhttp judges before it knows that there is no body.
  if (head.keepsAlive && outcome === 'ended' && head.framing !== 'none')
    assert.ok(theirs.keepsAlive, 'a connection that is used again, and that llhttp would close');
  if (head.framing !== 'chunked' || (unwraps && outcome !== 'invalid'))
    assert.equal(given, theirs.body.slice(0, bodyBytes));
  else if (outcome !== 'invalid') checkPassedOn(given, theirs.body.slice(0, bodyBytes), outcome === 'ended');
  if (outcome !== 'ended') return;
  assert.ok(theirs.isWhole, 'llhttp sees no end of this response');
  assert.equal(bodyBytes, theirs.body.length);
  const trailers: Fields = reader.trailers;
  assert.deepEqual(trailers, theirs.trailers);
  assert.deepEqual(head.fields, theirs.fields);
  const end = consumed - (rest?.length ?? 0);
  const at = statuses.length - 1;
  assert.equal(readResponses(bytes.subarray(0, end), isHead).messages[at]?.isWhole, true);
  assert.notEqual(readResponses(bytes.subarray(0, end - 1), isHead).messages[at]?.isWhole, true);
}

/** The client reads the body with the end that the lane adds. */
function checkPassedOn(given: string, body: string, isEnded: boolean): void {
  const text = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${given}${isEnded ? '0\r\n\r\n' : ''}`;
  const { messages, error } = readResponses(Buffer.from(text, 'latin1'), false);
  assert.equal(error, undefined);
  assert.equal(messages.length, 1);
  assert.equal(messages[0]?.body, body);
  assert.equal(messages[0]?.isWhole, isEnded);
}
