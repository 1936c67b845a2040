import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmptiedFiles } from '../../../../../src/control-plane/providers/file/emptied-files.ts';

const files = (texts: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries(texts).map(
      ([path, text]) => [path, { text, format: 'yaml' as const, isTemplate: true }] as const,
    ),
  );

test('a file that was full is not believed to be empty at the first look', () => {
  const emptied = createEmptiedFiles();
  const full = emptied.doubt(files({ a: 'http: {}', b: '' }), undefined);
  assert.equal(emptied.isInDoubt(), false, 'nothing stood there before');
  const first = emptied.doubt(files({ a: '\n', b: '' }), full);
  assert.deepEqual(first, full);
  assert.equal(emptied.isInDoubt(), true);
  const second = emptied.doubt(files({ a: '\n', b: '' }), first);
  assert.deepEqual(second, files({ a: '\n', b: '' }));
  assert.equal(emptied.isInDoubt(), false);
});

test('what was written meanwhile counts at once', () => {
  const emptied = createEmptiedFiles();
  const full = files({ a: 'http: {}' });
  const doubted = emptied.doubt(files({ a: '' }), full);
  const written = files({ a: 'tcp: {}' });
  assert.deepEqual(emptied.doubt(written, doubted), written);
});
