// What the regexps of a rule may cost, and that it is paid once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RE2JS } from 're2js';
import { createGenerationMemo } from '../../../../src/lib/generation-memo.ts';
import {
  createRegexpJudge,
  type RegexpChecker,
  type RegexpVerdict,
} from '../../../../src/rules/routing/check-regexp.ts';
import { createRegexpCache } from '../../../../src/rules/routing/compile-regexp.ts';
import { parseRule } from '../../../../src/rules/routing/parse-rule.ts';

/** A program of nearly the largest size, another one for each number. */
const large = (n: number): string => `^(?:.{0,40}a){20}${n}`;

describe('the regexps of one rule', () => {
  it('are not compiled any more once they have cost enough', (t) => {
    const compile = t.mock.method(RE2JS, 'compile');
    const text = Array.from({ length: 300 }, (_, n) => `PathRegexp(\`${large(n)}\`)`).join(' || ');
    const result = parseRule(text, 'v3');
    assert.ok(!result.ok);
    assert.equal(result.faults.length, 300);
    assert.match(result.faults.at(-1)?.message ?? '', /all of them together/);
    assert.match(result.faults.at(-1)?.hint ?? '', /several routers/);
    assert.ok(compile.mock.callCount() < 5, `${compile.mock.callCount()} were compiled`);
  });

  it('may be two hundred ordinary ones', () => {
    const text = Array.from({ length: 200 }, (_, n) => `PathRegexp(\`^/v${n}/[a-z]+$\`)`).join(' || ');
    assert.ok(parseRule(text, 'v3').ok);
  });

  it('are not longer than 8192 characters each', (t) => {
    const compile = t.mock.method(RE2JS, 'compile');
    const fault = createRegexpJudge()().check('a'.repeat(8193));
    assert.match(fault?.message ?? '', /longer than 8192 characters/);
    assert.equal(compile.mock.callCount(), 0);
  });

  it('are judged alike whether they are remembered or not', (t) => {
    const memo = createGenerationMemo<RegexpVerdict>(100);
    const remembering = createRegexpJudge(memo);
    const sources = [
      'a+',
      '[',
      ...Array.from({ length: 8 }, (_, n) => `^/v${n}/[^/]{1,200}/[^/]{1,200}$`),
      'a+',
    ];
    const judge = (checker: RegexpChecker) => sources.map((source) => checker(source));
    const anew = judge(createRegexpJudge()().check);
    assert.ok(anew.some((fault) => /all of them together/.test(fault?.message ?? '')));
    assert.deepEqual(judge(remembering().check), anew);
    const compile = t.mock.method(RE2JS, 'compile');
    assert.deepEqual(judge(remembering().check), anew, 'the next rule has a budget of its own');
    assert.equal(compile.mock.callCount(), 0);
  });
});

describe('the cache of compiled regexps', () => {
  it('compiles each once, whoever asks', (t) => {
    const compile = t.mock.method(RE2JS, 'compile');
    const cache = createRegexpCache();
    const tests = [cache.testOf('^a$', 10), cache.testOf('^a$', 10), cache.testOf('^a', 1)];
    assert.deepEqual(
      tests.map((test) => test('ab')),
      [false, false, true],
    );
    assert.equal(compile.mock.callCount(), 2);
  });
});
