// Two routers that want exactly the same requests: never in silence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { Declared } from '../../../../src/model/provider-config.ts';
import type { RouterOptions } from '../../../../src/model/router.ts';
import { createResolver } from '../../../../src/rules/resolve/resolve.ts';
import { declare, declareRouter } from '../../../support/declare.ts';

const entryPoints = ['web', 'alt'].map((name) => ({ name, asDefault: name === 'web' }));
const rule = 'Host(`shop.test`)';

function statusesOf(...routers: Declared<RouterOptions>[]) {
  const config = createResolver()({
    providers: [declare({ routers })],
    entryPoints,
    defaultRuleSyntax: 'v3',
    previous: emptyDynamicConfig,
  });
  return [...config.routers.values()].map(({ status, errors }) => [status, errors]);
}

test('the same rule under two names warns both, and says who gets the requests', () => {
  assert.deepEqual(statusesOf(declareRouter('theirs', { rule }), declareRouter('mine', { rule })), [
    [
      'warning',
      [
        'Same rule, priority and entry point as theirs@docker (container-theirs). It comes first by name and gets the requests.',
      ],
    ],
    [
      'warning',
      [
        'Same rule, priority and entry point as mine@docker (container-mine). The requests go to mine@docker.',
      ],
    ],
  ]);
});

const peaceful = [
  { name: 'another priority', options: { priority: 7 } },
  { name: 'another entry point', options: { entryPoints: ['alt'] } },
  { name: 'TLS beside plain', options: { tls: {} } },
  { name: 'another rule', options: { rule: 'Host(`shoq.test`)' } },
  { name: 'a disabled router', options: { service: 'absent' } },
];

for (const { name, options } of peaceful) {
  test(`there is no clash with ${name}`, () => {
    const [first] = statusesOf(declareRouter('a', { rule }), declareRouter('b', { rule, ...options }));
    assert.deepEqual(first, ['enabled', []]);
  });
}

test('the warning goes when the rival goes', () => {
  const resolve = createResolver();
  const settings = { entryPoints, defaultRuleSyntax: 'v3' as const };
  const mine = declareRouter('mine', { rule });
  const theirs = declareRouter('theirs', { rule });
  const both = resolve({
    ...settings,
    providers: [declare({ routers: [mine, theirs] })],
    previous: emptyDynamicConfig,
  });
  assert.equal(both.routers.get('mine@docker')?.status, 'warning');
  assert.equal(both.diagnostics.length, 2);
  const alone = resolve({ ...settings, providers: [declare({ routers: [mine] })], previous: both });
  assert.equal(alone.routers.get('mine@docker')?.status, 'enabled');
  assert.equal(alone.diagnostics.length, 0);
});

test('an entry point that adds TLS makes rivals of a router with tls and one without', () => {
  const [mine, theirs] = [declareRouter('mine', { rule, tls: {} }), declareRouter('theirs', { rule })];
  const statuses = (tls: boolean) => {
    const { routers } = createResolver()({
      entryPoints: [{ name: 'websecure', asDefault: false, tls }],
      defaultRuleSyntax: 'v3',
      providers: [declare({ routers: [mine, theirs] })],
      previous: emptyDynamicConfig,
    });
    return [...routers.values()].map(({ status }) => status);
  };
  assert.deepEqual(statuses(false), ['enabled', 'enabled']);
  assert.deepEqual(statuses(true), ['warning', 'warning']);
});

test('between providers their order decides, which can be another one', () => {
  const outcomes = (precedence?: readonly string[]) => {
    const config = createResolver()({
      providers: [
        declare({ routers: [declareRouter('z', { rule })] }),
        declare({ provider: 'file', routers: [declareRouter('a', { rule, service: 'app@docker' })] }),
      ],
      entryPoints,
      defaultRuleSyntax: 'v3',
      precedence,
      previous: emptyDynamicConfig,
    });
    return [...config.routers.values()].map(
      ({ name, errors }) => `${name}: ${errors.join().split('). ')[1]}`,
    );
  };
  assert.deepEqual(outcomes(), [
    'a@file: The requests go to z@docker.',
    'z@docker: It comes first by provider and gets the requests.',
  ]);
  assert.deepEqual(outcomes(['file']), [
    'a@file: It comes first by provider and gets the requests.',
    'z@docker: The requests go to a@file.',
  ]);
});
