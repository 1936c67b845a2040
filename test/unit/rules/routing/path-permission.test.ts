// Who may allow what in a path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EncodedCharactersOptions } from '../../../../src/model/encoded-characters.ts';
import { normalisePath } from '../../../../src/rules/routing/normalise-path.ts';
import { isPathAllowed } from '../../../../src/rules/routing/path-permission.ts';

function allows(
  path: string,
  entryPoint: EncodedCharactersOptions = {},
  middlewares: readonly EncodedCharactersOptions[] = [],
): boolean {
  const normalised = normalisePath(path, { sanitize: true });
  assert.ok(!('fault' in normalised), path);
  return isPathAllowed(normalised.suspicious, entryPoint, middlewares);
}

const slash = { allowEncodedSlash: true };
const everything: EncodedCharactersOptions = {
  allowEncodedSlash: true,
  allowEncodedBackSlash: true,
  allowEncodedNullCharacter: true,
  allowEncodedSemicolon: true,
  allowEncodedPercent: true,
  allowEncodedQuestionMark: true,
  allowEncodedHash: true,
};

const cases: readonly (readonly [
  string,
  boolean,
  EncodedCharactersOptions?,
  (readonly EncodedCharactersOptions[])?,
])[] = [
  ['/a%2Fb', false],
  ['/a%25b', true],
  ['/a%23b', true],
  ['/a%2Fb', true, slash],
  ['/a%2Fb', true, {}, [slash]],
  ['/a%2Fb', false, {}, [slash, {}]],
  ['/a%2Fb', false, { allowEncodedSlash: false }, [slash]],
  ['/a%2Fb', false, slash, [{}]],
  ['/a%25b', false, {}, [slash]],
  ['/a%25b', false, { allowEncodedPercent: false }],
  ['/a%2541', false],
  ['/a%2541', true, { allowEncodedPercent: true }],
  ['/a;b', true, { allowEncodedSemicolon: true }],
  ['/a%5Cb', true, { allowEncodedBackSlash: true }],
  ['/a%2Fb;c', false, slash],
];
for (const [path, isAllowed, entryPoint, middlewares] of cases) {
  test(`${path} is ${isAllowed ? 'allowed' : 'refused'}: ${JSON.stringify([entryPoint, middlewares])}`, () => {
    assert.equal(allows(path, entryPoint, middlewares), isAllowed);
  });
}

test('nothing allows another way to a path that a rule guards', () => {
  const tricks = ['/x%2F..%2Fadmin', '/x/..%2Fadmin', '/%2Fadmin', '/x\\..\\admin', '/..;/admin', '/;/admin'];
  for (const path of [...tricks, '/x/..%3B/admin', '/x%2F.%2Fadmin', '/%5Cadmin', '/%c0%afadmin']) {
    assert.equal(allows(path, everything), false, path);
    assert.equal(allows(path, {}, [everything]), false, path);
  }
  for (const path of ['/a%2Fb%2Fc', '/a%2F', '/fetch/https:%2F%2Fcdn.test%2Fx.png', '/a;v=1/b', '/..a%2Fb']) {
    assert.equal(allows(path, everything), true, path);
  }
});
