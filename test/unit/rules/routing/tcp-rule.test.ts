// Rules of TCP routers: what they take, what is wrong with them, and what the order among routers knows of them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ConnectionHead,
  compileTcpRule,
  isCatchAll,
  serverNames,
  tcpPriority,
} from '../../../../src/rules/routing/compile-tcp-rule.ts';
import { parseTcpRule } from '../../../../src/rules/routing/parse-rule.ts';
import type { TcpRuleNode } from '../../../../src/rules/routing/rule-node.ts';

function ruleOf(text: string): TcpRuleNode {
  const parsed = parseTcpRule(text);
  assert.ok(parsed.ok, text);
  return parsed.rule;
}

const head = (serverName: string, more: Partial<ConnectionHead> = {}): ConnectionHead => ({
  serverName,
  clientAddress: '10.1.2.3',
  protocols: ['h2'],
  ...more,
});

describe('rules of TCP routers', () => {
  const cases: readonly (readonly [rule: string, head: ConnectionHead, takes: boolean])[] = [
    ['HostSNI(`*`)', head(''), true],
    ['HostSNI(`DB.test`)', head('db.test'), true],
    ['HostSNI(`db.test.`)', head('db.test'), true],
    ['HostSNI(`db.test`)', head(''), false],
    ['hostsni(`db.test`)', head('x.db.test'), false],
    ['HostSNI(`*.db.test`)', head('x.db.test'), true],
    ['HostSNI(`*.db.test`)', head('y.x.db.test'), false],
    ['HostSNI(`*.db.test`)', head('db.test'), false],
    ['HostSNIRegexp(`^(a|b)\\.test$`)', head('b.test'), true],
    ['HostSNIRegexp(`^$`)', head(''), true],
    ['ClientIP(`10.0.0.0/8`)', head(''), true],
    ['ClientIP(`10.1.2.4`)', head(''), false],
    ['ALPN(`h2`)', head(''), true],
    ['ALPN(`h2`)', head('', { protocols: [] }), false],
    ['!ALPN(`h2`) || HostSNI(`a`) && ClientIP(`10.1.2.3`)', head('a'), true],
    ['(!ALPN(`h2`) || HostSNI(`a`)) && !ClientIP(`10.1.2.3`)', head('a'), false],
  ];
  for (const [rule, connection, takes] of cases) {
    it(`${rule} ${takes ? 'takes' : 'leaves'} "${connection.serverName}"`, () => {
      assert.equal(compileTcpRule(ruleOf(rule))(connection), takes);
    });
  }

  const faulty: readonly (readonly [rule: string, message: RegExp, hint?: RegExp])[] = [
    ['Host(`a`)', /no matcher "Host"/, /HostSNI, HostSNIRegexp, ClientIP, ALPN/],
    ['HostSNl(`a`)', /no matcher "HostSNl"/, /mean HostSNI\?/],
    ['HostSNI(`a`, `b`)', /takes 1 argument, not 2/, /HostSNI\(`a`\) \|\| HostSNI\(`b`\)/],
    ['HostSNI()', /takes 1 argument, not 0/],
    ['HostSNI(``)', /empty argument/],
    ['HostSNI(`a*.test`)', /no host name/, /HostSNIRegexp/],
    ['HostSNI(`a b`)', /no host name/],
    ['HostSNIRegexp(`{sub:[a-z]+}.test`)', /v2 syntax/, /HostSNIRegexp\(`/],
    ['HostSNIRegexp(`ä`)', /ASCII/],
    ['HostSNIRegexp(`(`)', /./],
    ['ClientIP(`10.0.0.0/99`)', /neither an IP address nor a CIDR/],
    ['ALPN(`acme-tls/1`)', /cannot be "acme-tls\/1"/],
    ['HostSNI(`a`) &&', /Expected a matcher/],
  ];
  for (const [rule, message, hint = /^/] of faulty) {
    it(`refuses ${rule}`, () => {
      const parsed = parseTcpRule(rule);
      assert.ok(!parsed.ok);
      assert.match(parsed.faults[0]?.message ?? '', message);
      assert.match(parsed.faults[0]?.hint ?? '', hint);
    });
  }

  it('knows the catch-all, the default priority and all names', () => {
    const text = 'HostSNI(`a`) || !HostSNI(`b`) && ClientIP(`10.0.0.1`)';
    assert.deepEqual(serverNames(ruleOf(text)), ['a', 'b']);
    assert.equal(isCatchAll(ruleOf(text)), false);
    assert.equal(tcpPriority(ruleOf(text), text), text.length);
    assert.equal(isCatchAll(ruleOf('HostSNI("*")')), true);
    assert.equal(tcpPriority(ruleOf('HostSNI("*")'), 'HostSNI("*")'), -1);
    assert.equal(isCatchAll(ruleOf('HostSNI(`*`) && ALPN(`h2`)')), false);
  });
});
