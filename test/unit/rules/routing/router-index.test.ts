// The index gives the answer of asking every router in the order of priority.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileRule } from '../../../../src/rules/routing/compile-rule.ts';
import { parseRule } from '../../../../src/rules/routing/parse-rule.ts';
import type { RequestHead } from '../../../../src/rules/routing/request-head.ts';
import { createRouterIndex, type IndexedRouter } from '../../../../src/rules/routing/router-index.ts';
import type { RuleNode } from '../../../../src/rules/routing/rule-node.ts';

const plain: RequestHead = {
  method: 'GET',
  host: 'a.x',
  path: '/',
  rawQuery: '',
  headers: {},
  clientAddress: '10.0.0.1',
};

function ruleOf(text: string): RuleNode {
  const result = parseRule(text, 'v3');
  assert.ok(result.ok, `${text}: ${JSON.stringify(result)}`);
  return result.rule;
}

function routersOf(...rules: readonly string[]): IndexedRouter<string>[] {
  return rules.map((text, order) => ({ rule: ruleOf(text), priority: text.length, order, value: text }));
}

function linearScan<T>(routers: readonly IndexedRouter<T>[], head: RequestHead): T | undefined {
  const sorted = routers.toSorted((one, other) => other.priority - one.priority || one.order - other.order);
  return sorted.find((router) => compileRule(router.rule)(head))?.value;
}

describe('createRouterIndex', () => {
  it('prefers the higher priority over the better fit', () => {
    const routers = routersOf('Host(`a.x`) && Path(`/a`)', 'PathPrefix(`/`)');
    const [exact, general] = routers;
    assert.ok(exact && general);
    const index = createRouterIndex([exact, { ...general, priority: 1000 }]);
    assert.equal(index.match({ ...plain, path: '/a' }), 'PathPrefix(`/`)');
    assert.equal(createRouterIndex(routers).match({ ...plain, path: '/a' }), 'Host(`a.x`) && Path(`/a`)');
  });

  it('lets the order decide between equal priorities, whatever order they come in', () => {
    const [one, two] = routersOf('PathPrefix(`/a`)', 'Host(`a.x`)');
    assert.ok(one && two);
    const routers = [
      { ...one, priority: 5, order: 2 },
      { ...two, priority: 5, order: 1 },
    ];
    for (const list of [routers, routers.toReversed()]) {
      assert.equal(createRouterIndex(list).match({ ...plain, path: '/a' }), 'Host(`a.x`)');
    }
  });

  it('meets prefixes that end inside a segment', () => {
    const index = createRouterIndex(
      routersOf('PathPrefix(`/foo`)', 'PathPrefix(`/foo/bar`)', 'PathPrefix(`/fox`)'),
    );
    assert.equal(index.match({ ...plain, path: '/foobar' }), 'PathPrefix(`/foo`)');
    assert.equal(index.match({ ...plain, path: '/foo/bar/x' }), 'PathPrefix(`/foo/bar`)');
    assert.equal(index.match({ ...plain, path: '/fo' }), undefined);
  });

  it('answers undefined when nothing matches or there is no router', () => {
    assert.equal(createRouterIndex([]).match(plain), undefined);
    assert.equal(createRouterIndex(routersOf('Host(`b.x`)')).match(plain), undefined);
  });

  it('finds one of many routers by a header, also when the field is repeated', () => {
    const rules = Array.from({ length: 50 }, (_, n) => `Host(\`a.x\`) && Header(\`X-Model\`, \`m${n}\`)`);
    const index = createRouterIndex(routersOf(...rules, 'Host(`a.x`)'));
    assert.equal(index.match({ ...plain, headers: { 'x-model': 'm7' } }), rules[7]);
    assert.equal(index.match({ ...plain, headers: { 'x-model': ['none', 'm9', 'm8'] } }), rules[8]);
    assert.equal(index.match({ ...plain, headers: { 'x-model': 'none' } }), 'Host(`a.x`)');
  });

  it('survives rules whose branches would not fit into memory', () => {
    const factor = (n: number): string => `(Header(\`h\`,\`${n}\`) || Path(\`/p${n}\`))`;
    const huge = Array.from({ length: 40 }, (_, n) => factor(n)).join(' && ');
    const index = createRouterIndex(routersOf(huge, 'Host(`a.x`)'));
    assert.equal(index.match(plain), 'Host(`a.x`)');
    const all = { ...plain, headers: { h: Array.from({ length: 40 }, (_, n) => `${n}`) } };
    assert.equal(index.match(all), huge);
  });
});

describe('the index of prefixes', () => {
  it('finds characters that lie far apart, and others than those asked for', () => {
    const index = createRouterIndex(
      routersOf('PathPrefix(`/a`)', 'PathPrefix(`/z`)', 'PathPrefix(`/é`)', 'PathPrefix(`/\uff5e/x`)'),
    );
    const ask = (path: string) => index.match({ ...plain, path });
    for (const path of ['/a', '/z/1', '/é', '/\uff5e/x'])
      assert.match(ask(path) ?? '', new RegExp(path.slice(0, 2)));
    for (const path of ['/', '/b', '/!', '/è', '/\uff5e', '/\uffff'])
      assert.equal(ask(path), undefined, path);
  });
});

describe('the index and a linear scan', () => {
  const hosts = ['a.x', 'b.x', 'c.a.x', 'x', ''] as const;
  const paths = ['/', '/a', '/ab', '/a/b', '/a/bc', '/b'] as const;
  const leaf = fc.oneof(
    fc.constantFrom('a.x', 'b.x', '*.x', '*.a.x', '*', 'x', '*a.x').map((host) => `Host(\`${host}\`)`),
    fc.constantFrom(...paths).map((path) => `Path(\`${path}\`)`),
    fc.constantFrom(...paths).map((path) => `PathPrefix(\`${path}\`)`),
    fc.constantFrom('a', '^/a$', 'b.*c').map((regexp) => `PathRegexp(\`${regexp}\`)`),
    fc.constantFrom('^a', 'x$', '^$').map((regexp) => `HostRegexp(\`${regexp}\`)`),
    fc.constantFrom('GET', 'POST').map((method) => `Method(\`${method}\`)`),
    fc
      .tuple(fc.constantFrom('K', 'L'), fc.constantFrom('1', '2'))
      .map(([key, value]) => `Header(\`${key}\`, \`${value}\`)`),
    fc.constantFrom('a', 'b').map((key) => `Query(\`${key}\`, \`1\`)`),
    fc.constantFrom('10.0.0.0/8', '::1').map((range) => `ClientIP(\`${range}\`)`),
  );
  const { rule } = fc.letrec<{ rule: string }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      {
        weight: 3,
        arbitrary: fc.tuple(tie('rule'), tie('rule')).map(([one, other]) => `(${one} && ${other})`),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(tie('rule'), tie('rule')).map(([one, other]) => `(${one} || ${other})`),
      },
      { weight: 1, arbitrary: tie('rule').map((inner) => `!${inner}`) },
    ),
  }));
  const value = fc.constantFrom('1', '2', '3');
  const header = fc.option(fc.oneof(value, fc.array(value, { maxLength: 2 })), { nil: undefined });
  const head: fc.Arbitrary<RequestHead> = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    host: fc.constantFrom(...hosts),
    path: fc.constantFrom(...paths, '/abc', '/a/', '/c'),
    rawQuery: fc.constantFrom('', 'a=1', 'a=2&b=1'),
    headers: fc.record({ k: header, l: header }),
    clientAddress: fc.constantFrom('10.0.0.1', '::1', ''),
  });
  const router = fc.record({
    text: rule,
    priority: fc.integer({ min: 0, max: 4 }),
    order: fc.integer({ min: 0, max: 3 }),
  });

  it('agree on random routers and requests', () => {
    fc.assert(
      fc.property(
        fc.array(router, { maxLength: 30 }),
        fc.array(head, { minLength: 1, maxLength: 20 }),
        (list, heads) => {
          const routers = list.map(({ text, priority, order }, value) => ({
            rule: ruleOf(text),
            priority,
            order,
            value,
          }));
          const index = createRouterIndex(routers);
          for (const one of heads) {
            assert.equal(index.match(one), linearScan(routers, one));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('agree on many routers of the same shape, as labels make them', () => {
    const shape = fc.record({
      host: fc.constantFrom('', 'Host(`a.x`)', 'Host(`*.x`)', '(Host(`a.x`) || Host(`b.x`))'),
      path: fc.constantFrom('', ...paths.map((path) => `PathPrefix(\`${path}\`)`), 'Path(`/a`)'),
      header: fc.constantFrom('', 'Header(`K`, `1`)', 'Header(`K`, `2`)', 'Header(`L`, `1`)'),
    });
    fc.assert(
      fc.property(
        fc.array(shape, { minLength: 20, maxLength: 80 }),
        fc.array(head, { minLength: 5, maxLength: 20 }),
        (shapes, heads) => {
          const texts = shapes.map(
            ({ host, path, header }) => [host, path, header].filter(Boolean).join(' && ') || 'Host(`*`)',
          );
          const routers = texts.map((text, order) => ({
            rule: ruleOf(text),
            priority: text.length,
            order,
            value: order,
          }));
          const index = createRouterIndex(routers);
          for (const one of heads) assert.equal(index.match(one), linearScan(routers, one));
        },
      ),
      { numRuns: 100 },
    );
  });
});
