// What the wire lane and llhttp read differently when the fuzzer first compared them. Each is given at every split.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequestHead } from '../../src/data-plane/lanes/wire/request-head.ts';
import { ChunkScanner } from '../../src/data-plane/upstream/wire/chunk-scanner.ts';
import { readTrailers } from '../../src/data-plane/upstream/wire/field-lines.ts';
import { parseResponseHead } from '../../src/data-plane/upstream/wire/response-head.ts';
import { type ReadOutcome, ResponseReader } from '../../src/data-plane/upstream/wire/response-reader.ts';

const requestHead = (fields: string) => {
  const text = `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`;
  return parseRequestHead(text, text.indexOf('\r\n\r\n'));
};

test('chunk extensions that are none are refused, others are not', () => {
  const isTaken = (line: string, split: number): boolean => {
    const scanner = new ChunkScanner({ onChunkBytes: () => {} }, false);
    const bytes = Buffer.from(`5${line}\r\nhello\r\n0\r\n\r\n`, 'latin1');
    const first = scanner.scan(bytes.subarray(0, split), 0);
    return first >= 0 && scanner.scan(bytes.subarray(split), 0) >= 0 && scanner.isDone;
  };
  for (let split = 0; split < 12; split++) {
    for (const line of [';a\0', ';', ';\r', ';a b', ';"', ';a="', ';a=b;', ';\x80']) {
      assert.ok(!isTaken(line, split), JSON.stringify(line));
    }
    for (const line of ['', ';a', ';a=b', ';a="b;\\"c";d']) assert.ok(isTaken(line, split), line);
  }
});

test('trailers that are no fields, or that frame the message, are refused', () => {
  for (const trailer of [
    'X y\r\n',
    ' X: y\r\n',
    'X: \0\r\n',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
  ]) {
    assert.equal(readTrailers(trailer), undefined, trailer);
  }
  assert.deepEqual(readTrailers('X: y\r\n'), ['X', 'y']);
  assert.deepEqual(readTrailers(''), []);
});

test('Connection asks for an upgrade, or for the end, only by a member of that name', () => {
  assert.equal(requestHead('Connection: x-upgrade\r\nUpgrade: websocket'), undefined);
  assert.equal(requestHead('Connection: "upgrade"\r\nUpgrade: websocket'), undefined);
  assert.equal(requestHead('Connection: a, Upgrade\r\nUpgrade: websocket')?.upgrades, true);
  assert.equal(requestHead('Connection: x-close')?.closes, false);
  assert.equal(requestHead('Connection: keep-alive , Close')?.closes, true);
  assert.equal(requestHead('Proxy-Connection: close'), undefined);
});

test('a tab behind a length or a coding is not read as none', () => {
  for (const field of ['Transfer-Encoding: chunked', 'Content-Length: 5', 'TRANSFER-ENCODING:\tChunked']) {
    for (const blank of ['\t', ' \t ']) {
      const head = `Host: a\r\n${field}${blank}\r\n\r\n`;
      const request = `POST / HTTP/1.1\r\n${head}`;
      assert.equal(parseRequestHead(request, request.length - 4), undefined, field);
      const response = `HTTP/1.1 200 OK\r\n${head}`;
      assert.equal(parseResponseHead(response, response.length - 4, false), undefined, field);
    }
  }
  assert.ok(requestHead('X: 1\t') !== undefined);
});

test('a replica that says close and keep-alive closes', () => {
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n';
  assert.equal(parseResponseHead(text, text.indexOf('\r\n\r\n'), false)?.keepsAlive, false);
});

test('a replica of HTTP/1.0 keeps a connection only by the word keep-alive itself', () => {
  const keepsAlive = (word: string): boolean | undefined => {
    const text = `HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: ${word}\r\n\r\n`;
    return parseResponseHead(text, text.indexOf('\r\n\r\n'), false)?.keepsAlive;
  };
  assert.equal(keepsAlive('x: keep-alive'), false);
  assert.equal(keepsAlive('Keep-Alive'), true);
});

test('an interim answer behind which nothing can follow is refused', () => {
  for (const head of ['HTTP/1.0 100 Continue', 'HTTP/1.1 103 Early Hints\r\nConnection: close']) {
    const bytes = Buffer.from(`${head}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`, 'latin1');
    for (let split = 1; split < bytes.length; split++) {
      const reader = new ResponseReader();
      reader.begin({ onInterim: () => {}, onHead: () => {}, onBody: () => {} }, false, false);
      let outcome: ReadOutcome = reader.read(bytes.subarray(0, split));
      if (outcome === 'going-on') outcome = reader.read(bytes.subarray(split));
      assert.equal(outcome, 'invalid', head);
    }
  }
});
