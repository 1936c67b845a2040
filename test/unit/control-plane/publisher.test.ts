// The publisher: first change at once, bursts merged, latest wins, equal configurations dropped.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { createPublisher } from '../../../src/control-plane/publisher/create-publisher.ts';
import type { DynamicConfig } from '../../../src/model/dynamic-config.ts';
import { declare, declareRouter, declareService, faultOf } from '../../support/declare.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

function setUp(throttleMs = 0) {
  const configs: DynamicConfig[] = [];
  const warnings: string[] = [];
  const publisher = createPublisher({
    providers: [],
    entryPoints: [{ name: 'web', asDefault: true }],
    defaultRuleSyntax: 'v3',
    throttleMs,
    onConfig: (config) => configs.push(config),
    log: { info: () => {}, warn: (_, message) => warnings.push(message) },
  });
  return { publisher, configs, warnings };
}

const named = (...names: string[]) => declare({ routers: names.map((name) => declareRouter(name)) });
const routersOf = (config: DynamicConfig | undefined) => [...(config?.routers.keys() ?? [])];

test('the first configuration is handed on before receive returns', () => {
  const { publisher, configs } = setUp();
  assert.equal(publisher.current().version, 0);
  publisher.receive(named('a'));
  assert.deepEqual(configs.map(routersOf), [['a@docker']]);
  assert.equal(publisher.current(), configs[0]);
});

test('a burst is merged and its last state wins', () => {
  const { publisher, configs } = setUp(60_000);
  for (const name of ['a', 'b', 'c', 'd']) publisher.receive(named(name));
  mock.timers.tick(59_999);
  assert.equal(configs.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(configs.map(routersOf), [['a@docker'], ['d@docker']]);
  assert.deepEqual(
    configs.map(({ version }) => version),
    [1, 2],
  );
});

test('what several providers declare is one configuration, and each replaces only its own part', () => {
  const { publisher } = setUp();
  publisher.receive(named('a'));
  publisher.receive(declare({ provider: 'file', routers: [declareRouter('f', { service: 'app@docker' })] }));
  mock.timers.tick(60_000);
  assert.deepEqual(routersOf(publisher.current()), ['a@docker', 'f@file']);
  publisher.receive(named('b'));
  mock.timers.tick(60_000);
  assert.deepEqual(routersOf(publisher.current()), ['b@docker', 'f@file']);
});

test('an equal configuration is dropped', () => {
  const { publisher, configs } = setUp();
  publisher.receive(named('a'));
  mock.timers.tick(60_000);
  publisher.receive(named('a'));
  mock.timers.tick(60_000);
  assert.equal(configs.length, 1);
});

test('an empty configuration is applied: as the first one, and when the last container goes', () => {
  const empty = declare({ services: [] });
  const first = setUp();
  first.publisher.receive(empty);
  assert.equal(first.configs[0]?.version, 1);
  const last = setUp();
  last.publisher.receive(named('a'));
  mock.timers.tick(60_000);
  last.publisher.receive(empty);
  assert.equal(last.publisher.current().routers.size, 0);
  assert.equal(last.publisher.current().services.size, 0);
});

test('nothing is handed on after close', () => {
  const { publisher, configs } = setUp(60_000);
  publisher.receive(named('a'));
  publisher.receive(named('b'));
  publisher.close();
  mock.timers.tick(60_000);
  publisher.receive(named('c'));
  assert.equal(configs.length, 1);
});

test('a new fault is logged once, and a flood of them is cut', () => {
  const { publisher, warnings } = setUp();
  const faulty = (extra: string) =>
    declare({
      diagnostics: [faultOf('warning', 'Old.'), faultOf('info', 'Quiet.'), faultOf('error', extra)],
    });
  publisher.receive(faulty('First.'));
  mock.timers.tick(60_000);
  publisher.receive(faulty('Second.'));
  assert.deepEqual(warnings, ['Old.', 'First.', 'Second.']);
  mock.timers.tick(60_000);
  warnings.length = 0;
  const many = Array.from({ length: 500 }, (_, at) =>
    declareService(`s${at}`, {}, { faults: [faultOf('error', `${at}`)] }),
  );
  publisher.receive(declare({ services: many }));
  assert.equal(warnings.length, 21);
});

test('costly rules are checked with others having their turn in between, and published together', async () => {
  const { publisher, configs } = setUp();
  const costly = (n: number) => declareRouter(`r${n}`, { rule: `PathRegexp(\`[ab]*a[ab]{40}x${n}$\`)` });
  publisher.receive(declare({ routers: Array.from({ length: 100 }, (_, n) => costly(n)) }));
  assert.equal(configs.length, 0, 'it was not all checked at once');
  publisher.receive(declare({ routers: Array.from({ length: 110 }, (_, n) => costly(n)) }));
  let turns = 0;
  while (configs.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  assert.ok(turns > 1);
  assert.equal(configs[0]?.routers.size, 110);
  publisher.receive(declare({ routers: Array.from({ length: 500 }, (_, n) => costly(1_000 + n)) }));
  publisher.close();
  mock.timers.tick(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(configs.length, 1, 'nothing is handed on after the end');
});

test('the first version waits for all providers, but not for ever', () => {
  const configs: DynamicConfig[] = [];
  const create = () =>
    createPublisher({
      providers: ['docker', 'file'],
      entryPoints: [{ name: 'web', asDefault: true }],
      defaultRuleSyntax: 'v3',
      throttleMs: 0,
      patienceMs: 1_000,
      onConfig: (config) => configs.push(config),
      log: { info: () => {}, warn: () => {} },
    });
  const complete = create();
  complete.receive(named('a'));
  mock.timers.tick(999);
  assert.equal(configs.length, 0);
  complete.receive(declare({ provider: 'file', routers: [declareRouter('f', { service: 'app@docker' })] }));
  assert.deepEqual(routersOf(configs.at(-1)), ['a@docker', 'f@file']);
  complete.close();
  const alone = create();
  alone.receive(named('a'));
  mock.timers.tick(1_000);
  assert.deepEqual(routersOf(alone.current()), ['a@docker']);
  alone.close();
});
