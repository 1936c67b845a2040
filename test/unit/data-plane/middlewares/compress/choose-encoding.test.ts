import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileEncodingChoice } from '../../../../../src/data-plane/middlewares/compress/choose-encoding.ts';
import type { ContentEncoding } from '../../../../../src/model/middlewares/compress.ts';

const all: readonly ContentEncoding[] = ['gzip', 'br', 'zstd'];

const cases: readonly (readonly [accepted: string | undefined, chosen: ContentEncoding | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['deflate', undefined],
  ['identity', undefined],
  ['identity, gzip', 'gzip'],
  ['identity;q=1, gzip;q=0.5', undefined],
  ['br, gzip', 'gzip'],
  ['br;q=0.9, gzip;q=0.8', 'br'],
  ['gzip;q=0', undefined],
  ['gzip;q=0, br', 'br'],
  ['gzip;q=none, br;q=0.1', 'br'],
  ['*', 'gzip'],
  ['zstd, *', 'gzip'],
  ['zstd, *;q=0.1', 'zstd'],
  ['gzip ; q = 0.2 , br ; q = 0.3', 'br'],
];

for (const [accepted, chosen] of cases) {
  test(`Accept-Encoding ${JSON.stringify(accepted)} gets ${chosen ?? 'none'}`, () => {
    assert.equal(compileEncodingChoice(all, undefined)(accepted), chosen);
  });
}

test('the list decides where the client does not care, and so does the default', () => {
  assert.equal(compileEncodingChoice(['zstd', 'gzip'], undefined)('gzip, br, zstd'), 'zstd');
  const choose = compileEncodingChoice(all, 'br');
  assert.equal(choose(undefined), 'br');
  assert.equal(choose('*'), 'br');
  assert.equal(choose('gzip'), 'gzip');
});
