// The rule language: what is accepted, what it means, and what is said about what is not.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRule, type RuleSyntax } from '../../../../src/rules/routing/parse-rule.ts';
import type { RuleFault, RuleNode } from '../../../../src/rules/routing/rule-node.ts';
import { defaultPriority } from '../../../../src/rules/routing/rule-node.ts';

/** A rule tree as a short text, so that cases can be read. */
function show(rule: RuleNode): string {
  if (rule.kind === 'match') return `${rule.matcher}(${rule.args.join('|')})`;
  if (rule.kind === 'not') return `!${show(rule.node)}`;
  return `(${show(rule.left)} ${rule.kind} ${show(rule.right)})`;
}

function parsed(text: string, syntax: RuleSyntax = 'v3'): string {
  const result = parseRule(text, syntax);
  assert.ok(result.ok, `${text}: ${JSON.stringify(result)}`);
  return show(result.rule);
}

function faults(text: string, syntax: RuleSyntax = 'v3'): readonly RuleFault[] {
  const result = parseRule(text, syntax);
  assert.ok(!result.ok, `${text} was accepted`);
  return result.faults;
}

describe('the grammar of rules', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Host(`a.x`)', 'Host(a.x)'],
    ['Host("a.x")', 'Host(a.x)'],
    [' Host ( `a.x` , ) ', 'Host(a.x)'],
    ['Host(`a`) && Path(`/b`) || Method(`GET`)', '((Host(a) and Path(/b)) or Method(GET))'],
    ['Method(`GET`) || Host(`a`) && Path(`/b`)', '(Method(GET) or (Host(a) and Path(/b)))'],
    ['Host(`a`) && (Path(`/b`) || Path(`/c`))', '(Host(a) and (Path(/b) or Path(/c)))'],
    ['!Host(`a`) && Path(`/b`)', '(!Host(a) and Path(/b))'],
    ['!(Host(`a`) || Host(`b`))', '!(Host(a) or Host(b))'],
    ['!!Host(`a`)', '!!Host(a)'],
    ['((Host(`a`)))', 'Host(a)'],
    ['Host(`a`) &&\n  Path(`/b`)\n', '(Host(a) and Path(/b))'],
    ['host(`a`) && HOST(`b`) && Hostregexp(`c`) && clientip(`::1`)', ''],
    ['Path("/\\u00e9\\x41\\101\\t\\"")', 'Path(/éAA\t")'],
    ['Path(`/a\\d`)', 'Path(/a\\d)'],
    ['Path(`/a\r`)', 'Path(/a)'],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const tree = parsed(text);
      if (expected) assert.equal(tree, expected);
    });
  }

  it('takes names in exact, lower, upper and title case and no others', () => {
    for (const name of ['PathPrefix', 'pathprefix', 'PATHPREFIX', 'Pathprefix']) {
      assert.equal(parsed(`${name}(\`/a\`)`), 'PathPrefix(/a)');
    }
    assert.deepEqual(faults('pathPrefix(`/a`)'), [
      { message: 'There is no matcher "pathPrefix".', position: 0, hint: 'Did you mean PathPrefix?' },
    ]);
  });

  it('keeps the place of each matcher', () => {
    const result = parseRule('Host(`a`) && Path(`/b`)', 'v3');
    assert.ok(result.ok && result.rule.kind === 'and' && result.rule.right.kind === 'match');
    assert.equal(result.rule.right.position, 13);
  });

  const broken: readonly (readonly [string, number, RegExp])[] = [
    ['', 0, /rule is empty/],
    ['   ', 0, /rule is empty/],
    ['Host(`a`', 8, /"," or "\)", found the rule ends/],
    ['Host(`a', 5, /no closing `/],
    ['Host("a)', 5, /no closing "/],
    ['Host(a)', 5, /Expected a value in back-quotes, found "a"/],
    ["Host('a')", 5, /"'" cannot stand here.*back-quotes/],
    ['Host(`a`) & Path(`/`)', 10, /"&".*&& for "and"/],
    ['Host(`a`) and Path(`/`)', 10, /found "and".*&& for "and"/],
    ['Host(`a`) Path(`/`)', 10, /found "Path"/],
    ['Host(`a`))', 9, /found "\)"/],
    ['(Host(`a`)', 10, /closing parenthesis/],
    ['&& Host(`a`)', 0, /a matcher such as/],
    ['Host(`a`) &&', 12, /found the rule ends/],
    ['Host:example.com', 4, /":" cannot stand here.*not Host:example.com as in Traefik v1/],
    ['Host(`a`);Path(`/`)', 9, /";" cannot stand here.*Traefik v1/],
    ['Host', 4, /"\(" after Host/],
    ['Host(`a`)\n&& Path(`/`)', 9, /line cannot end here.*operator at the end/],
    ['Host(`a` `b`)', 9, /"," or "\)", found a string/],
    ['Path("/\\q")', 7, /"\\q" is not an escape sequence/],
    ['Path("/\\xff")', 6, /not UTF-8/],
    ['`a`', 0, /found a string/],
    [`${'('.repeat(5000)}Host(\`a\`)`, 100, /nested too deeply/],
    [`${'!'.repeat(5000)}Host(\`a\`)`, 100, /nested too deeply/],
  ];
  for (const [text, position, says] of broken) {
    it(`points at the fault in ${JSON.stringify(text.slice(0, 30))}`, () => {
      const [fault, ...others] = faults(text);
      assert.equal(others.length, 0);
      assert.equal(fault?.position, position);
      assert.match(`${fault?.message} ${fault?.hint}`, says);
    });
  }

  it('reads thousands of matchers without exhausting the stack', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `Host(\`h${index}.x\`)`).join('||');
    const result = parseRule(text, 'v3');
    assert.ok(result.ok);
    assert.equal(JSON.stringify(result.rule).match(/"Host"/g)?.length, 20_000);
    assert.doesNotThrow(() => structuredClone(result.rule));
  });
});

describe('the arguments of v3 matchers', () => {
  it('puts hosts and methods into canonical form', () => {
    assert.equal(parsed('Host(`WWW.Example.COM.`)'), 'Host(www.example.com)');
    assert.equal(parsed('Host(`[::1]`)'), 'Host(::1)');
    assert.equal(parsed('Method(`post`)'), 'Method(POST)');
  });

  const accepted = [
    'Host(`*.example.com`)',
    'Host(`*`)',
    'HostRegexp(`^[a-z]{2,3}\\.x$`)',
    'PathRegexp(`^/\\p{Greek}\\x{41}$`)',
    'PathRegexp(`(?i)/API`)',
    'Header(`X-A`, `1`)',
    'HeaderRegexp(`X-A`, `^\\d+$`)',
    'Query(`a`)',
    'Query(`a`, `b`)',
    'QueryRegexp(`a`, `b+`)',
    'ClientIP(`10.0.0.1`)',
    'ClientIP(`10.0.0.0/8`)',
    'ClientIP(`fe80::/10`)',
  ];
  for (const text of accepted) {
    it(`accepts ${text} without a warning`, () => {
      const result = parseRule(text, 'v3');
      assert.ok(result.ok);
      assert.deepEqual(result.warnings, []);
    });
  }

  const refused: readonly (readonly [string, number, RegExp])[] = [
    ['Host()', 0, /takes 1 argument, not 0/],
    ['Host(``)', 5, /empty argument/],
    ['Host(`exämple.com`)', 5, /ASCII.*Host\(`xn--exmple-cua.com`\)/],
    ['HostRegexp(`ä`)', 11, /ASCII/],
    ['HostRegexp(`[`)', 11, /does not compile: missing closing \]/],
    ['PathRegexp(`(?=a)`)', 11, /does not compile.*look-around/],
    ['PathRegexp(`a`, `b`)', 0, /takes 1 argument, not 2.*PathRegexp\(`a`\) \|\| PathRegexp\(`b`\)/],
    ['PathRegexp(`(a?){900}(b?){900}`)', 11, /too large once/],
    ['PathRegexp(`[ab]*a[ab]{100}x$`)', 11, /so many states.*in place of counts in braces/],
    ['HostRegexp(`[ab]*a[ab]{100}x$`)', 11, /so many states/],
    ['Path(`a`)', 5, /does not begin with "\/".*Path\(`\/a`\)/],
    ['PathPrefix(`api`)', 11, /does not begin/],
    ['Header(`X-A`)', 0, /takes 2 arguments, not 1/],
    ['Header(`A`, `1`, `B`, `2`)', 0, /Header\(`A`, `1`\) && Header\(`B`, `2`\)/],
    ['HeaderRegexp(`A`, `(`)', 18, /missing closing \)/],
    ['Query(`a`, `b`, `c`)', 0, /takes 1 or 2 arguments, not 3/],
    ['ClientIP(`10.0.0`)', 9, /neither an IP address nor a CIDR/],
    ['ClientIP(`10.0.0.0/33`)', 9, /neither/],
    ['ClientIP(`010.0.0.1`)', 9, /neither/],
    ['ClientIP(`example.com`)', 9, /neither/],
    ['ClientIP(`fe80::1%eth0`)', 9, /neither/],
    ['Hots(`a`)', 0, /no matcher "Hots".*Did you mean Host\?/],
    ['Frobnicate(`a`)', 0, /Known matchers are Host, HostRegexp/],
  ];
  for (const [text, position, says] of refused) {
    it(`refuses ${text}`, () => {
      const [fault] = faults(text);
      assert.equal(fault?.position, position);
      assert.match(`${fault?.message} ${fault?.hint}`, says);
    });
  }

  it('reports the faults of all arguments together', () => {
    const found = faults('Hots(`a`) && PathRegexp(`[`) && !ClientIP(`x`)');
    assert.deepEqual(
      found.map((fault) => fault.position),
      [0, 24, 42],
    );
  });

  const warned: readonly (readonly [string, RegExp])[] = [
    ['Host(`http://a.x`)', /has a scheme.*Leave out "http:\/\/"/],
    ['Host(`a.x/api`)', /has a path.*PathPrefix/],
    ['Host(`a.x:8080`)', /has a port/],
    ['Host(`a.*.x`)', /exactly one label/],
    ['Host(`**.x`)', /exactly one label/],
    ['Host(`a b`)', /not a host name/],
    ['Path(`/a/{id}`)', /v2 syntax.*PathRegexp\(`\^\/a\/\(\[\^\/\]\+\)\$`\)/],
    ['Query(`a=b`)', /v2 syntax.*Query\(`a`, `b`\)/],
  ];
  for (const [text, says] of warned) {
    it(`accepts ${text} with a warning`, () => {
      const result = parseRule(text, 'v3');
      assert.ok(result.ok);
      assert.equal(result.warnings.length, 1);
      assert.match(`${result.warnings[0]?.message} ${result.warnings[0]?.hint}`, says);
    });
  }
});

describe('v2 habits in v3 rules', () => {
  it('reads several arguments as "or" and shows the v3 spelling', () => {
    const result = parseRule('Host(`a.x`, `b.x`) && Method(`get`,`put`)', 'v3');
    assert.ok(result.ok);
    assert.equal(show(result.rule), '((Host(a.x) or Host(b.x)) and (Method(GET) or Method(PUT)))');
    assert.equal(result.warnings[0]?.hint, 'Write Host(`a.x`) || Host(`b.x`).');
    assert.equal(result.warnings.length, 2);
  });

  const habits: readonly (readonly [string, RegExp])[] = [
    ['Headers(`A`, `b`)', /Write Header\(`A`, `b`\)\./],
    ['HeadersRegexp(`A`, `b`, `C`, `d`)', /HeaderRegexp\(`A`, `b`\) && HeaderRegexp\(`C`, `d`\)/],
    ['HostHeader(`a.x`)', /Write Host\(`a.x`\)/],
    ['HostRegexp(`{sub:[a-z]+}.x`)', /Write HostRegexp\(`\(\?i\)\^\(\[a-z\]\+\)\\\.x\$`\)/],
    ['HostRegexp(`{any}.x`)', /ruleSyntax to v2/],
    ['PathPrefix(`/{v:v[0-9]+}/a`)', /Write PathRegexp\(`\^\/\(v\[0-9\]\+\)\/a`\)/],
    ['PathRegexp(`/{id:[0-9]+}`)', /plain regular expression.*PathRegexp\(`\^\/\(\[0-9\]\+\)\$`\)/],
  ];
  for (const [text, says] of habits) {
    it(`explains ${text}`, () => {
      const [fault] = faults(text);
      assert.match(`${fault?.message} ${fault?.hint}`, says);
    });
  }
});

describe('ruleSyntax: v2', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Host(`A.x`, `b.x`)', '(Host(a.x) or Host(b.x))'],
    ['HostHeader(`a.x`)', 'Host(a.x)'],
    ['HostRegexp(`{sub:[a-z]+}.x`)', 'HostRegexp((?i)^([a-z]+)\\.x$)'],
    ['HostRegexp(`{any}.x`, `y`)', '(HostRegexp((?i)^([^.]+)\\.x$) or HostRegexp((?i)^y$))'],
    ['Path(`/a`, `/b/{id:[0-9]{2}}`)', '(Path(/a) or PathRegexp(^/b/([0-9]{2})$))'],
    ['PathPrefix(`/a.b`)', 'PathPrefix(/a.b)'],
    ['PathPrefix(`/a.b/{id}`)', 'PathRegexp(^/a\\.b/([^/]+))'],
    ['Method(`get`, `post`)', '(Method(GET) or Method(POST))'],
    ['Headers(`A`, `b`, `C`, `d`)', '(Header(A|b) and Header(C|d))'],
    ['HeadersRegexp(`A`, `b+`)', 'HeaderRegexp(A|b+)'],
    ['Query(`a=b`, `c=`)', '(Query(a|b) and QueryRegexp(c|^))'],
    ['Query(`a={id:[0-9]+}`)', 'QueryRegexp(a|^([0-9]+)$)'],
    ['ClientIP(`10.0.0.1`, `::1/128`)', '(ClientIP(10.0.0.1) or ClientIP(::1/128))'],
    ['!Host(`a`) && (Path(`/b`))', '(!Host(a) and Path(/b))'],
  ];
  for (const [text, expected] of cases) {
    it(`translates ${text}`, () => assert.equal(parsed(text, 'v2'), expected));
  }

  const refused: readonly (readonly [string, RegExp])[] = [
    ['Host()', /needs an argument/],
    ['Host(`a`, ``)', /empty argument/],
    ['Host(`*.x`)', /no wildcards in v2/],
    ['HostRegexp(`{sub`)', /not a template/],
    ['HostRegexp(`{:a}`)', /not a template/],
    ['HostRegexp(`{a:[}`)', /does not compile/],
    ['Path(`a`)', /does not begin/],
    ['Headers(`A`)', /pairs/],
    ['HeadersRegexp(`A`, `[`)', /does not compile/],
    ['Query(`a`)', /"key=value"/],
    ['Header(`A`, `b`)', /Header is a matcher of v3 syntax/],
    ['PathRegex(`a`)', /no matcher "PathRegex"/],
  ];
  for (const [text, says] of refused) {
    it(`refuses ${text}`, () => assert.match(faults(text, 'v2')[0]?.message ?? '', says));
  }
});

describe('what is read off a rule', () => {
  it('has its length in bytes as priority', () => {
    assert.equal(defaultPriority('Path(`/é`)'), 11);
  });

  it('is JSON', () => {
    const result = parseRule('!Host(`a.x`) && Query(`a`)', 'v3');
    assert.ok(result.ok);
    assert.deepEqual(JSON.parse(JSON.stringify(result.rule)), result.rule);
  });
});
