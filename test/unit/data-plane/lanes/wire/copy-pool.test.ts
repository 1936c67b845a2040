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

test('what is larger than a piece of the usual size, or than any, is copied too', () => {
  for (const bytes of [100_000, 300_000]) {
    const read = Buffer.alloc(bytes, 'x');
    const copy = createCopyPool().copy(read);
    read.fill('y');
    assert.equal(copy.bytes.toString(), 'x'.repeat(bytes));
    copy.done();
  }
});

test('large parts are welcome again when enough of them have been given back', () => {
  const pool = createCopyPool();
  const large = Buffer.alloc(200_000);
  const copies = [];
  while (pool.hasRoomForLarge) copies.push(pool.copy(large));
  assert.ok(copies.length > 0 && copies.length < 100);
  assert.equal(pool.copy(Buffer.from('small')).bytes.toString(), 'small');
  assert.ok(!pool.hasRoomForLarge);
  copies[0]?.done();
  assert.ok(pool.hasRoomForLarge);
});
