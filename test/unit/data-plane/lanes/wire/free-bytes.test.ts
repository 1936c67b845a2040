import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeBytes } from '../../../../../src/data-plane/lanes/wire/free-bytes.ts';

test('memory that is wholly theirs is freed', () => {
  const bytes = Buffer.allocUnsafeSlow(64 * 1024);
  freeBytes(bytes);
  assert.equal(bytes.length, 0);
  assert.equal(bytes.buffer.byteLength, 0);
});

test('what shares its memory with others, or is short, is left as it is', () => {
  const memory = Buffer.alloc(64 * 1024, 'm');
  for (const part of [memory.subarray(0, 32 * 1024), memory.subarray(1)]) {
    freeBytes(part);
    assert.equal(part.toString('latin1').replaceAll('m', ''), '');
    assert.equal(memory.length, 64 * 1024);
  }
  const short = Buffer.allocUnsafeSlow(100);
  freeBytes(short);
  assert.equal(short.length, 100);
});
