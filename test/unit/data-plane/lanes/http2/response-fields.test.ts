import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  areWritable,
  isFinalStatus,
  toHeaderBlock,
} from '../../../../../src/data-plane/lanes/http2/response-fields.ts';
import { acceptFor, isAccepted } from '../../../../../src/data-plane/lanes/http2/web-socket-key.ts';

test('a head begins with its status', () => {
  assert.deepEqual(toHeaderBlock(200, ['A', '1', 'a', '2']), [':status', '200', 'A', '1', 'a', '2']);
  assert.deepEqual([101, 199, 200, 599, 600].map(isFinalStatus), [false, false, true, true, false]);
});

test('a value that ends its field, or is no byte, is not writable', () => {
  assert.ok(areWritable(['a', 'b c\t\xe9']));
  for (const value of ['a\nb', 'a\rb', 'a\0b', 'a\u0100']) assert.ok(!areWritable(['x', 'y', 'a', value]));
});

test('the accept of a key is the one of RFC 6455 §1.3', () => {
  assert.equal(acceptFor('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  assert.ok(
    isAccepted('dGhlIHNhbXBsZSBub25jZQ==', ['Sec-WebSocket-Accept', ' s3pPLMBiTxaQ9kYGzzhZRbK+xOo=']),
  );
  assert.ok(!isAccepted('dGhlIHNhbXBsZSBub25jZQ==', ['Sec-WebSocket-Accept', 'x']));
  assert.ok(!isAccepted('dGhlIHNhbXBsZSBub25jZQ==', []));
});
