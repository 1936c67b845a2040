import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDurationMs } from '../../../src/lib/duration.ts';
import { parseGoBool, parseHumanBool } from '../../../src/lib/go-bool.ts';
import { editDistance, nearestName } from '../../../src/lib/nearest.ts';

describe('parseDurationMs', () => {
  const cases: [text: string, ms: number | undefined][] = [
    ['10', 10_000],
    ['-1', -1_000],
    ['0', 0],
    ['10s', 10_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['-1.5s', -1_500],
    ['+2m', 120_000],
    ['100us', 0.1],
    ['100µs', 0.1],
    ['1ns', 0.000001],
    ['2h45m', 9_900_000],
    ['', undefined],
    [' 10s', undefined],
    ['10 s', undefined],
    ['1d', undefined],
    ['1.5', undefined],
    ['.s', undefined],
    ['s', undefined],
    ['300y', undefined],
    ['2562048h', undefined],
    ['9223372037', undefined],
  ];
  for (const [text, ms] of cases) {
    it(`reads ${JSON.stringify(text)} as ${ms}`, () => assert.equal(parseDurationMs(text), ms));
  }
});

describe('formatDuration', () => {
  it('writes as Go does what reads back the same', () => {
    for (const [ms, written] of [
      [0, '0s'],
      [500, '500ms'],
      [1_500, '1.5s'],
      [10_000, '10s'],
      [90_000, '1m30s'],
      [3_600_000, '1h0m0s'],
      [0.25, '250µs'],
      [-1_000, '-1s'],
    ] as const) {
      assert.equal(formatDuration(ms), written);
      assert.equal(parseDurationMs(written), ms);
    }
  });
});

describe('booleans', () => {
  it('reads the words of Go and no others', () => {
    for (const word of ['1', 't', 'T', 'TRUE', 'true', 'True']) assert.equal(parseGoBool(word), true);
    for (const word of ['0', 'f', 'F', 'FALSE', 'false', 'False']) assert.equal(parseGoBool(word), false);
    for (const word of ['yes', '', ' true', 'tRue', 'on']) assert.equal(parseGoBool(word), undefined);
  });

  it('reads what people mean', () => {
    assert.equal(parseHumanBool(' Yes '), true);
    assert.equal(parseHumanBool('OFF'), false);
    assert.equal(parseHumanBool('maybe'), undefined);
  });
});

describe('nearestName', () => {
  const known = ['headers', 'basicAuth', 'stripPrefix', 'rule', 'tls'];
  const cases: [word: string, near: string | undefined][] = [
    ['header', 'headers'],
    ['basicauht', 'basicAuth'],
    ['stripprefixes', 'stripPrefix'],
    ['rul', 'rule'],
    ['tsl', 'tls'],
    ['xyz', undefined],
    ['', undefined],
    ['h'.repeat(100_000), undefined],
  ];
  for (const [word, near] of cases) {
    it(`finds ${near} for ${word.slice(0, 20)}`, () => assert.equal(nearestName(word, known), near));
  }

  it('counts a swap as one edit', () => assert.equal(editDistance('treafik', 'traefik'), 1));

  it('is symmetric, and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (one, other) => {
        assert.equal(editDistance(one, other), editDistance(other, one));
        assert.equal(editDistance(one, other) === 0, one === other);
      }),
    );
  });
});
