import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileFields } from '../../../../src/rules/declare/dynamic-schema.ts';
import { type KeyPair, spellKey, toKeyTree } from '../../../../src/rules/declare/key-tree.ts';

const cases: readonly [name: string, pairs: readonly KeyPair[], tree: unknown][] = [
  ['nothing', [], {}],
  ['options in any case', [['HTTP/Routers/App/Rule', 'x']], { HTTP: { Routers: { App: { Rule: 'x' } } } }],
  [
    'lists of sections by number, not by text',
    ['10', '9', '0'].map((index) => [`http/services/a/loadBalancer/servers/${index}/url`, index] as const),
    { http: { services: { a: { loadBalancer: { servers: [{ url: '0' }, { url: '9' }, { url: '10' }] } } } } },
  ],
  [
    'lists of texts by number',
    [
      ['http/routers/a/entryPoints/1', 'y'],
      ['http/routers/a/entryPoints/0', 'x'],
    ],
    { http: { routers: { a: { entryPoints: ['x', 'y'] } } } },
  ],
  ['names that are numbers', [['http/routers/0/rule', 'x']], { http: { routers: { '0': { rule: 'x' } } } }],
  [
    'a switch, overlooked where something stands below it',
    [
      ['http/routers/a/tls', 'true'],
      ['http/routers/b/tls', 'true'],
      ['http/routers/b/tls/certResolver', 'le'],
    ],
    { http: { routers: { a: { tls: 'true' }, b: { tls: { certResolver: 'le' } } } } },
  ],
  ['what nobody knows', [['http/rooters/a/rule', 'x']], { http: { rooters: { a: { rule: 'x' } } } }],
  ['empty parts', [['http//routers/a/rule/', 'x']], { http: { routers: { a: { rule: 'x' } } } }],
];
for (const [name, pairs, tree] of cases) {
  test(`keys become a tree: ${name}`, () => assert.deepEqual(toKeyTree(pairs, fileFields), tree));
}

test('a name such as __proto__ is a name', () => {
  const tree = JSON.stringify(toKeyTree([['http/routers/__proto__/rule', 'x']], fileFields));
  assert.equal(tree, '{"http":{"routers":{"__proto__":{"rule":"x"}}}}');
});

test('paths are spelt as keys', () => {
  const path = ['http', 'services', 'a', 'loadBalancer', 'servers[0]', 'url'];
  assert.equal(spellKey('traefik', path), 'traefik/http/services/a/loadBalancer/servers/0/url');
});
