// Paths: what is forwarded, what is matched, and what is pointed out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type NormalisedPath,
  normalisePath,
  type PathOddity,
  refusedByDefault,
} from '../../../../src/rules/routing/normalise-path.ts';

function normalised(path: string, sanitize = true): NormalisedPath {
  const result = normalisePath(path, { sanitize });
  assert.ok(!('fault' in result), `${path}: ${JSON.stringify(result)}`);
  return result;
}

describe('normalisePath', () => {
  const cases: readonly (readonly [path: string, forward: string, match: string])[] = [
    ['/', '/', '/'],
    ['/a/b.c/', '/a/b.c/', '/a/b.c/'],
    ["/a-b_c~d!$&'()*+,=:@[]", "/a-b_c~d!$&'()*+,=:@[]", "/a-b_c~d!$&'()*+,=:@[]"],
    ['//', '/', '/'],
    ['//a///b//', '/a/b/', '/a/b/'],
    ['/a/./b', '/a/b', '/a/b'],
    ['/a/../b', '/b', '/b'],
    ['/../../a', '/a', '/a'],
    ['/a/b/..', '/a', '/a'],
    ['/a/b/../', '/a/', '/a/'],
    ['/a/.', '/a', '/a'],
    ['/..', '/', '/'],
    ['/.well-known/x', '/.well-known/x', '/.well-known/x'],
    ['/a..', '/a..', '/a..'],
    ['/...', '/...', '/...'],
    ['/api../admin', '/api../admin', '/api../admin'],
    ['/%2e%2E/admin', '/admin', '/admin'],
    ['/a/%2e%2e%2fb', '/a/..%2Fb', '/a/..%2Fb'],
    ['/%61dmin', '/admin', '/admin'],
    ['/foo%20bar', '/foo%20bar', '/foo bar'],
    ['/%c3%a9', '/%C3%A9', '/é'],
    ['/%E2%82%AC%2f%F0%9F%98%80', '/%E2%82%AC%2F%F0%9F%98%80', '/€%2F😀'],
    ['/a%3ab%2cc', '/a%3Ab%2Cc', '/a%3Ab%2Cc'],
    ['/%ff', '/%FF', '/%FF'],
    ['/100%25', '/100%25', '/100%25'],
    ['/a"b<c>', '/a%22b%3Cc%3E', '/a"b<c>'],
    ['/\u00c3\u00a9', '/%C3%A9', '/é'],
    ['/a;b=1', '/a;b=1', '/a;b=1'],
    ['/a\\b', '/a%5Cb', '/a\\b'],
  ];
  for (const [path, forward, match] of cases) {
    it(`normalises ${JSON.stringify(path)}`, () => {
      const result = normalised(path);
      assert.deepEqual({ forward: result.forward, match: result.match }, { forward, match });
    });
  }

  it('leaves slashes and dots alone without sanitize, but still decodes', () => {
    assert.deepEqual(normalised('//a/%2e./%62', false), {
      forward: '//a/../b',
      match: '//a/../b',
      suspicious: [],
    });
  });

  const odd: readonly (readonly [string, readonly PathOddity[]])[] = [
    ['/a%2Fb', ['encodedSlash']],
    ['/a%5cb', ['backSlash']],
    ['/a\\b', ['backSlash']],
    ['/a%00', ['nullCharacter']],
    ['/a;b', ['semicolon']],
    ['/a%3bb', ['encodedSemicolon']],
    ['/a%3Fb', ['encodedQuestionMark']],
    ['/a%23b', ['encodedHash']],
    ['/100%25', ['encodedPercent']],
    ['/%252e%252e/', ['encodedPercent', 'doubleEncoding']],
    ['/%c0%af', ['overlongUtf8']],
    ['/%e0%80%af', ['overlongUtf8']],
    ['/a%20%C3%A9/../b', []],
  ];
  for (const [path, suspicious] of odd) {
    it(`points out ${JSON.stringify(suspicious)} in ${path}`, () => {
      assert.deepEqual(normalised(path).suspicious, suspicious);
    });
  }

  const faulty: readonly (readonly [string, string])[] = [
    ['', 'notAbsolute'],
    ['*', 'notAbsolute'],
    ['a/b', 'notAbsolute'],
    ['http://a/b', 'notAbsolute'],
    ['/a%', 'badEscape'],
    ['/a%2', 'badEscape'],
    ['/a%zz', 'badEscape'],
    ['/a b', 'illegalCharacter'],
    ['/a\u0000', 'illegalCharacter'],
    ['/a\r\nb', 'illegalCharacter'],
    ['/a#b', 'illegalCharacter'],
    ['/a?b', 'illegalCharacter'],
    [`/${'a'.repeat(8192)}`, 'tooLong'],
  ];
  for (const [path, fault] of faulty) {
    it(`refuses ${JSON.stringify(path.slice(0, 20))}: ${fault}`, () => {
      assert.deepEqual(normalisePath(path, { sanitize: true }), { fault });
    });
  }

  it('leaves no spelling by which an upstream reads /admin that a rule for it does not see', () => {
    const spellings = [
      '/admin',
      '//admin',
      '/./admin',
      '/x/../admin',
      '/%61dmin',
      '/%2e/admin',
      '/x/%2e%2E/admin',
    ];
    const tricks = [
      '/x%2f../admin',
      '/x%2f..%2fadmin',
      '/x\\..\\admin',
      '/x%5c..%5cadmin',
      '/;/admin',
      '/..;/admin',
      '/admin%00',
      '/%2561dmin',
      '/%c0%afadmin',
      '/x/..%3b/admin',
    ];
    for (const path of spellings) assert.equal(normalised(path).match, '/admin', path);
    for (const path of tricks) {
      const { suspicious } = normalised(path);
      assert.ok(
        suspicious.some((oddity) => refusedByDefault.has(oddity)),
        path,
      );
    }
  });

  it('is stable: a forwarded path normalises to itself', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      'a',
      '%2e',
      '%2F',
      '%61',
      '%20',
      '%c3%a9',
      ';',
      '\\',
      '%25',
      'é',
      '//',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, sanitize) => {
        const first = normalised(`/${pieces.join('')}`, sanitize);
        const second = normalised(first.forward, sanitize);
        assert.equal(second.forward, first.forward);
        assert.equal(second.match, first.match);
        if (sanitize) assert.doesNotMatch(first.forward, /\/\/|\/\.{1,2}(\/|$)/);
      }),
    );
  });
});
