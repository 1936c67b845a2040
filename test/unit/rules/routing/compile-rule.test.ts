// What each matcher means for a request.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileRule } from '../../../../src/rules/routing/compile-rule.ts';
import { parseRule, type RuleSyntax } from '../../../../src/rules/routing/parse-rule.ts';
import type { RequestHead } from '../../../../src/rules/routing/request-head.ts';
import type { RuleNode } from '../../../../src/rules/routing/rule-node.ts';

const plain: RequestHead = {
  method: 'GET',
  host: 'a.example.com',
  path: '/api/v1',
  rawQuery: '',
  headers: {},
  clientAddress: '10.1.2.3',
};

function ruleOf(text: string, syntax: RuleSyntax = 'v3'): RuleNode {
  const result = parseRule(text, syntax);
  assert.ok(result.ok, `${text}: ${JSON.stringify(result)}`);
  return result.rule;
}

type Case = readonly [rule: string, head: Partial<RequestHead>, matched: boolean];

const v3Cases: readonly Case[] = [
  ['Host(`A.example.com.`)', {}, true],
  ['Host(`example.com`)', {}, false],
  ['Host(`a.example.com`)', { host: '' }, false],
  ['Host(`*.example.com`)', {}, true],
  ['Host(`*.example.com`)', { host: 'example.com' }, false],
  ['Host(`*.example.com`)', { host: 'a.b.example.com' }, false],
  ['Host(`*.example.com`)', { host: 'xexample.com' }, false],
  ['Host(`*.com`)', { host: 'example.com' }, true],
  ['Host(`*`)', {}, true],
  ['Host(`*`)', { host: '' }, true],
  ['Host(`::1`)', { host: '::1' }, true],
  ['HostRegexp(`example`)', {}, true],
  ['HostRegexp(`^example`)', {}, false],
  ['HostRegexp(`^[a-z]+\\.example\\.com$`)', {}, true],
  ['HostRegexp(`A\\.EXAMPLE`)', {}, false],
  ['Path(`/api/v1`)', {}, true],
  ['Path(`/api/v1`)', { path: '/api/v1/' }, false],
  ['Path(`/foo bar`)', { path: '/foo bar' }, true],
  ['PathPrefix(`/api`)', {}, true],
  ['PathPrefix(`/foo`)', { path: '/foobar' }, true],
  ['PathPrefix(`/foo/`)', { path: '/foo' }, false],
  ['PathRegexp(`v\\d`)', {}, true],
  ['PathRegexp(`^v\\d`)', {}, false],
  ['Method(`get`)', {}, true],
  ['Method(`GET`)', { method: 'get' }, false],
  ['Header(`x-a`, `1`)', { headers: { 'x-a': '1' } }, true],
  ['Header(`X-A`, `1`)', { headers: { 'x-a': ['0', '1'] } }, true],
  ['Header(`X-A`, `v`)', { headers: { 'x-a': 'V' } }, false],
  ['Header(`X-A`, `1`)', {}, false],
  ['HeaderRegexp(`X-A`, `^\\d$`)', { headers: { 'x-a': ['ab', '7'] } }, true],
  ['HeaderRegexp(`X-A`, `.*`)', {}, false],
  ['HeaderRegexp(`constructor`, `.*`)', {}, false],
  ['HeaderRegexp(`__proto__`, `.*`)', {}, false],
  ['Query(`a`, `b`)', { rawQuery: 'x=1&a=c&a=b' }, true],
  ['Query(`a`, `b c`)', { rawQuery: 'a=b+c' }, true],
  ['Query(`a`, `b&c`)', { rawQuery: '%61=b%26c' }, true],
  ['Query(`a`, `b`)', { rawQuery: 'A=b' }, false],
  ['Query(`a`, `b`)', { rawQuery: 'a=b;c=d' }, false],
  ['Query(`a`, `b`)', { rawQuery: 'a=%zz&a=b' }, true],
  ['Query(`a`, `b=c`)', { rawQuery: 'a=b=c' }, true],
  ['Query(`a`)', { rawQuery: 'a' }, true],
  ['Query(`a`)', { rawQuery: 'a=&&' }, true],
  ['Query(`a`)', { rawQuery: 'a=1' }, false],
  ['Query(`a`)', {}, false],
  ['QueryRegexp(`a`, `^\\d+$`)', { rawQuery: 'a=x&a=12' }, true],
  ['QueryRegexp(`a`, `.*`)', { rawQuery: 'b=1' }, false],
  ['QueryRegexp(`a`)', { rawQuery: 'a' }, true],
  ['ClientIP(`10.1.2.3`)', {}, true],
  ['ClientIP(`10.0.0.0/8`)', {}, true],
  ['ClientIP(`11.0.0.0/8`)', {}, false],
  ['ClientIP(`10.0.0.0/8`)', { clientAddress: '::ffff:10.9.9.9' }, true],
  ['ClientIP(`::ffff:10.0.0.0/104`)', {}, true],
  ['ClientIP(`fe80::/10`)', { clientAddress: 'fe80::1%eth0' }, true],
  ['ClientIP(`::/0`)', {}, false],
  ['ClientIP(`0.0.0.0/0`)', { clientAddress: '' }, false],
  ['!Host(`b.x`) && Method(`GET`)', {}, true],
  ['!(Host(`a.example.com`) && Method(`GET`))', {}, false],
  ['Host(`b.x`) || Method(`GET`) && Path(`/no`)', {}, false],
  ['(Host(`b.x`) || Method(`GET`)) && PathPrefix(`/api`)', {}, true],
];

const v2Cases: readonly Case[] = [
  ['Host(`b.x`, `a.example.com`)', {}, true],
  ['HostRegexp(`{sub:[A-Z]+}.example.com`)', {}, true],
  ['HostRegexp(`{sub}.com`)', {}, false],
  ['HostRegexp(`{sub:.+}.com`)', {}, true],
  ['Path(`/api/{v}`)', {}, true],
  ['Path(`/api/{v}`)', { path: '/api/v1/x' }, false],
  ['PathPrefix(`/api/{v:v[0-9]}`)', { path: '/api/v1/x' }, true],
  ['Headers(`A`, `1`, `B`, `2`)', { headers: { a: '1' } }, false],
  ['Headers(`A`, `1`, `B`, `2`)', { headers: { a: '1', b: '2' } }, true],
  ['Query(`a=1`, `b=`)', { rawQuery: 'a=1&b=anything' }, true],
  ['Query(`a=1`, `b=`)', { rawQuery: 'a=1' }, false],
  ['Query(`a={id:[0-9]+}`)', { rawQuery: 'a=12' }, true],
  ['Query(`a={id:[0-9]+}`)', { rawQuery: 'a=12x' }, false],
  ['Method(`PUT`, `GET`)', {}, true],
];

describe('compileRule', () => {
  for (const [syntax, cases] of [['v3', v3Cases] as const, ['v2', v2Cases] as const]) {
    for (const [text, change, matched] of cases) {
      it(`${syntax}: ${text} ${matched ? 'takes' : 'leaves'} ${JSON.stringify(change)}`, () => {
        const rule = ruleOf(text, syntax);
        const head = { ...plain, ...change };
        assert.equal(compileRule(rule)(head), matched);
      });
    }
  }

  it('answers hostile regexps, over-long input included', () => {
    const nested = compileRule(ruleOf('PathRegexp(`^(a+)+$`)'));
    assert.equal(nested({ ...plain, path: `${'a'.repeat(40)}!` }), false);
    assert.equal(nested({ ...plain, path: 'a'.repeat(8192) }), true);
    const greedy = compileRule(ruleOf('HostRegexp(`^(.*)(.*)(.*)\\.x\\.test$`)'));
    assert.equal(greedy({ ...plain, host: `${'.x.tes'.repeat(40)}!` }), false);
    assert.equal(greedy({ ...plain, host: 'a.x.test' }), true);
    const value = compileRule(ruleOf('HeaderRegexp(`a`, `^(a+)+`)'));
    assert.equal(value({ ...plain, headers: { a: 'a'.repeat(1_000_000) } }), true);
    const end = compileRule(ruleOf('HeaderRegexp(`a`, `b$`)'));
    assert.equal(
      end({ ...plain, headers: { a: `${'a'.repeat(8191)}b${'a'.repeat(9)}` } }),
      true,
      'it is cut',
    );
  });

  it('refuses to compile what the parser would have refused', () => {
    const node = { kind: 'match', matcher: 'PathRegexp', args: ['['], position: 0 } as const;
    assert.throws(() => compileRule(node), /unchecked regexp/);
    assert.throws(() => compileRule({ ...node, matcher: 'ClientIP' }), /unchecked address/);
  });
});
