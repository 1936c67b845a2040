import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areTrailers, shapeOfAnswer, shapeOfRequest } from '../../../../src/lib/http2/message-rules.ts';

const get = [':method', 'GET', ':scheme', 'https', ':path', '/', ':authority', 'a.test'];
const without = (name: string): string[] => {
  const at = get.indexOf(name);
  return [...get.slice(0, at), ...get.slice(at + 2)];
};

const wellFormed: Readonly<Record<string, readonly [readonly string[], number]>> = {
  'a plain request': [get, -1],
  'one without an authority': [without(':authority'), -1],
  'one with a length': [[...get, 'content-length', '12'], 12],
  'TE: trailers': [[...get, 'te', 'Trailers'], -1],
  'OPTIONS *': [[':method', 'OPTIONS', ':scheme', 'http', ':path', '*'], -1],
  CONNECT: [[':method', 'CONNECT', ':authority', 'a.test:1'], -1],
  'extended CONNECT': [[...get.with(1, 'CONNECT'), ':protocol', 'websocket'], -1],
  'another scheme, with whatever path': [[':method', 'GET', ':scheme', 'x', ':path', 'y'], -1],
};

for (const [name, [fields, length]] of Object.entries(wellFormed)) {
  test(`${name} is well formed`, () => assert.deepEqual(shapeOfRequest(fields), { length }));
}

const malformed: Readonly<Record<string, readonly string[]>> = {
  'no method': without(':method'),
  'no scheme': without(':scheme'),
  'no path': without(':path'),
  'an empty path': get.with(5, ''),
  'a path without its slash': get.with(5, 'x'),
  '* for GET': get.with(5, '*'),
  'user information': get.with(7, 'user@a.test'),
  'a blank in the authority': get.with(7, 'a.test x'),
  'two paths': [...get, ':path', '/'],
  'an unknown pseudo-field': [...get, ':x', 'y'],
  'the status of an answer': [':status', '200', ...get],
  'a pseudo-field behind others': [...get, 'a', 'b', ':protocol', 'c'],
  'a protocol without CONNECT': [...get, ':protocol', 'websocket'],
  'CONNECT with a path': [':method', 'CONNECT', ':authority', 'a', ':path', '/'],
  Connection: [...get, 'connection', 'close'],
  'Transfer-Encoding': [...get, 'transfer-encoding', 'chunked'],
  'TE: gzip': [...get, 'te', 'gzip'],
  'two lengths': [...get, 'content-length', '1', 'content-length', '1'],
  'a length that is no number': [...get, 'content-length', '+1'],
};

for (const [name, fields] of Object.entries(malformed)) {
  test(`a request with ${name} is malformed`, () => assert.equal(shapeOfRequest(fields), undefined));
}

test('answers have one status, in front', () => {
  assert.deepEqual(shapeOfAnswer([':status', '200', 'content-length', '3']), { status: 200, length: 3 });
  for (const fields of [
    [],
    ['a', 'b'],
    [':status', '20'],
    [':status', '099'],
    [':status', '200', ':status', '200'],
    [':status', '200', 'upgrade', 'x'],
    [':status', '200', 'content-length', '1', 'content-length', '2'],
    [':status', '200', 'content-length', 'x'],
  ]) {
    assert.equal(shapeOfAnswer(fields), undefined);
  }
});

test('trailers have no pseudo-fields and speak of no connection', () => {
  assert.equal(areTrailers(['grpc-status', '0']), true);
  assert.equal(areTrailers([':status', '200']), false);
  assert.equal(areTrailers(['connection', 'close']), false);
});
