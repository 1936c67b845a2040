// The automaton says what re2js says, and is not built where it would be too large.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { buildAutomaton } from '../../../../src/rules/routing/regexp-automaton.ts';

const plenty = 10_000_000;

const atom = fc.constantFrom(
  ...['a', 'b', 'k', '_', '-', '\\.', '.', '[ab]', '[^a]', '\\d', '\\w', '\\W', '\\s', '\\pL', '\\PL', 'é'],
  ...[
    '😀',
    '\\x{212A}',
    '[a-z0-9-]',
    '(?i:k)',
    '(?i:É)',
    '(?s:.)',
    '^',
    '$',
    '\\b',
    '\\B',
    '\\A',
    '\\z',
    '(?m:^)',
    '(?m:$)',
  ],
);
const { source } = fc.letrec<{ source: string }>((tie) => ({
  source: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    atom,
    fc.tuple(tie('source'), tie('source')).map(([one, other]) => one + other),
    fc.tuple(tie('source'), tie('source')).map(([one, other]) => `(?:${one}|${other})`),
    fc
      .tuple(tie('source'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{0,3}', '{2,}'))
      .map(([one, times]) => `(?:${one})${times}`),
    tie('source').map((one) => `(${one})`),
    tie('source').map((one) => `^${one}$`),
    tie('source').map((one) => `(?i)${one}`),
  ),
}));
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'B',
      'k',
      'K',
      '\u212a',
      'é',
      'É',
      '0',
      '_',
      '-',
      '.',
      ' ',
      '\n',
      '😀',
      '\ud83d',
      '\ude00',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

describe('buildAutomaton', () => {
  it('matches what re2js matches', () => {
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 1, maxLength: 8 }), (regexp, texts) => {
        const expected = RE2JS.compile(regexp);
        const automaton = buildAutomaton(expected, plenty);
        assert.ok(automaton, `${regexp} is small`);
        // The machine of re2js, not its fast paths: it is the reference, and the only one without shortcuts.
        for (const one of texts)
          assert.equal(
            automaton.test(one),
            expected.matcher(one).find(),
            `${regexp} on ${JSON.stringify(one)}`,
          );
      }),
      { numRuns: 3_000 },
    );
  });

  const usual = [
    ['^/api/v[0-9]+/.*', '/api/v12/speech', true],
    ['^/api/v[0-9]+/.*', '/api/v/speech', false],
    ['^(?P<sub>[a-z0-9-]+)\\.example\\.com$', 'a-1.example.com', true],
    ['^(?P<sub>[a-z0-9-]+)\\.example\\.com$', 'a.b.example.com', false],
    ['^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+example\\.com$', 'a-b.c.example.com', true],
    ['[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}', 'x-01234567-89ab-cdef', true],
    [
      '(?i)(googlebot|bingbot|yandex|baiduspider|facebookexternalhit|twitterbot|rogerbot)',
      'a BingBot b',
      true,
    ],
    [
      'Mozilla/5\\.0 \\(.*(Windows NT|Macintosh|X11; Linux).*\\) .*(Chrome|Firefox|Safari)/[0-9.]+',
      'Mozilla/5.0',
      false,
    ],
    [
      '^/v1/projects/[^/]{1,64}/locations/[^/]{1,64}/models/[^/]{1,128}$',
      '/v1/projects/a/locations/b/models/c',
      true,
    ],
    ['.*\\p{L}{50}.*\\p{N}$', `${'é'.repeat(50)}1`, true],
    ['', '', true],
    ['$^', '', true],
    ['$^', 'a', false],
  ] as const;
  for (const [regexp, one, expected] of usual) {
    it(`builds what people write: ${regexp} on ${one.slice(0, 20)}`, () => {
      const automaton = buildAutomaton(RE2JS.compile(regexp), 400_000);
      assert.equal(automaton?.test(one), expected);
    });
  }

  for (const regexp of ['[ab]*a[ab]{100}x$', '[ab]*a[ab]{14}x$', '^.{1,64}@.{1,255}$', '(x{0,50}a){20}$']) {
    it(`gives up on ${regexp} before it costs much`, () => {
      const compiled = RE2JS.compile(regexp);
      assert.equal(buildAutomaton(compiled, 400_000), undefined);
    });
  }

  it('counts work that does not depend on the machine', () => {
    const works = [0, 1].map(() => buildAutomaton(RE2JS.compile('^/api/v[0-9]+/.*'), plenty)?.work);
    assert.equal(works[0], works[1]);
    assert.equal(buildAutomaton(RE2JS.compile('^/api/v[0-9]+/.*'), (works[0] ?? 0) - 1), undefined);
  });
});
