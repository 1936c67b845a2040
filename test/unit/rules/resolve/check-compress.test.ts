import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompressOptions } from '../../../../src/model/middlewares/compress.ts';
import { checkCompress } from '../../../../src/rules/resolve/check-compress.ts';

const wrong: readonly (readonly [CompressOptions, option: string, said: RegExp])[] = [
  [
    { includedContentTypes: ['text/html'], excludedContentTypes: ['text/css'] },
    'excludedContentTypes',
    /exclude each other/,
  ],
  [{ includedContentTypes: ['text/html', 'html'] }, 'includedContentTypes', /"html" is no media type/],
  [{ encodings: ['gzip', 'zst'] }, 'encodings', /"zst".*zstd/s],
  [{ encodings: [] }, 'encodings', /at least/],
  [{ encodings: ['br'], defaultEncoding: 'gzip' }, 'defaultEncoding', /none of the encodings/],
];

for (const [options, option, said] of wrong) {
  test(`${JSON.stringify(options)} is an error at ${option}`, () => {
    const [finding, ...others] = checkCompress(options);
    assert.deepEqual(others, []);
    assert.equal(finding?.severity, 'error');
    assert.equal(finding?.option?.key, `compress.${option}`);
    assert.match(`${finding?.message} ${finding?.hint}`, said);
  });
}

test('nothing is wrong with the defaults, and with options that fit', () => {
  assert.deepEqual(checkCompress({}), []);
  assert.deepEqual(checkCompress({ excludedContentTypes: ['text/css; q=1'], defaultEncoding: 'br' }), []);
});
