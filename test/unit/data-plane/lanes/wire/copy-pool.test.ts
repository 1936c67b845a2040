// The pool of copies: bytes that are being written are never those of another write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCopyPool } from '../../../../../src/data-plane/lanes/wire/copy-pool.ts';

test('memory is used again only when it has been given back', () => {
  const pool = createCopyPool();
  const read = Buffer.from('first');
  const first = pool.copy(read);
  read.write('other');
  assert.equal(first.bytes.toString(), 'first');
  const second = pool.copy(Buffer.from('second'));
  assert.notEqual(second.bytes.buffer, first.bytes.buffer);
  first.done();
  const third = pool.copy(Buffer.from('third'));
  assert.equal(third.bytes.buffer, first.bytes.buffer);
  assert.equal(second.bytes.toString(), 'second');
  assert.equal(third.bytes.toString(), 'third');
});

test('what is larger than a piece is copied too', () => {
  const large = Buffer.alloc(100_000, 'x');
  const { bytes, done } = createCopyPool().copy(large);
  large.fill('y');
  assert.ok(bytes.every((byte) => byte === 'x'.charCodeAt(0)));
  done();
});
