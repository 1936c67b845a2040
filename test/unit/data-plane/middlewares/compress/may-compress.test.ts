import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compileTypeTest,
  looksLikeText,
} from '../../../../../src/data-plane/middlewares/compress/may-compress.ts';

test('what is compressed already is left alone, pictures unless they are named', () => {
  const takes = compileTypeTest({});
  for (const type of ['text/html', 'application/json', 'application/octet-stream'])
    assert.ok(takes(type), type);
  for (const type of ['audio/wav', 'video/mp4', 'image/png', 'text/event-stream', 'application/grpc+proto']) {
    assert.equal(takes(type), false, type);
  }
});

test('included types are the only ones, and cannot make speech wait', () => {
  const takes = compileTypeTest({
    includedContentTypes: ['image/svg+xml', 'Text/HTML; charset=utf-8', 'audio/wav'],
  });
  assert.deepEqual(['image/svg+xml', 'text/html', 'audio/wav', 'text/plain'].map(takes), [
    true,
    true,
    false,
    false,
  ]);
  assert.equal(compileTypeTest({ excludedContentTypes: ['text/html'] })('text/html'), false);
});

test('a body without a type is text when no byte says otherwise', () => {
  assert.ok(looksLikeText(Buffer.from('héllo\n\t\x1b[1m')));
  assert.equal(looksLikeText(Buffer.from('RIFF\x00\x00WAVE')), false);
});
