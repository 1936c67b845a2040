import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import type { CompiledBalancer, CompiledRouter } from '../../../../src/data-plane/exchange/snapshot.ts';
import { createLiveState } from '../../../../src/data-plane/live-state/create-live-state.ts';
import { createLimits } from '../../../../src/data-plane/live-state/limits.ts';
import { createSnapshotCompiler } from '../../../../src/data-plane/snapshot/compile-snapshot.ts';
import {
  createRouterTableCompiler,
  type RouterEntry,
  shardsOf,
} from '../../../../src/data-plane/snapshot/router-table.ts';
import { createWeakValues } from '../../../../src/lib/weak-values.ts';
import type { DynamicConfig } from '../../../../src/model/dynamic-config.ts';
import { parseRule } from '../../../../src/rules/routing/parse-rule.ts';
import type { RequestHead } from '../../../../src/rules/routing/request-head.ts';
import { createRouterIndex } from '../../../../src/rules/routing/router-index.ts';
import { defaultEntryPoint, type GatewayDraft, gateway } from '../../../support/gateway.ts';

const headOf = (host: string, path = '/'): RequestHead => ({
  method: 'GET',
  host,
  path,
  rawQuery: '',
  headers: {},
  clientAddress: '192.0.2.1',
});

function setUp() {
  const faults: string[] = [];
  const live = createLiveState({
    openUpstream: () => ({ send: () => assert.fail('nothing is sent'), wire: undefined, close: () => {} }),
    onLoads: () => {},
  });
  const compile = createSnapshotCompiler([defaultEntryPoint, { ...defaultEntryPoint, name: 'other' }], live, {
    internalKey: 'key',
    limits: createLimits(undefined, 0),
    readFile: () => {
      throw new Error('no such file');
    },
    pem: () => assert.fail('no certificate is named'),
    breakers: createWeakValues(),
    onFault: (_fields, message) => faults.push(message),
  });
  const apply = (config: DynamicConfig) => {
    live.apply(config);
    const snapshot = compile(config);
    return (host: string, path?: string, entryPoint = 'web') =>
      snapshot.entryPoints.get(entryPoint)?.routers.match(headOf(host, path));
  };
  return { apply, compile, live, faults };
}

const base = (): GatewayDraft =>
  gateway()
    .service('s', ['http://10.0.0.1:80'])
    .router('a', { rule: 'Host(`a`)' })
    .router('b', { rule: 'Host(`b`)', middlewares: ['m'] })
    .middleware('m', { kind: 'addPrefix', options: { prefix: '/x' } });

test('what keeps its identity keeps its compiled twin', () => {
  const { apply } = setUp();
  const config = base().config(1);
  const before = apply(config);
  const routers = new Map(config.routers);
  const changed = routers.get('a');
  assert.ok(changed);
  routers.set('a', { ...changed, priority: 99 });
  const after = apply({ ...config, version: 2, routers });
  assert.equal(after('b'), before('b'));
  assert.notEqual(after('a'), before('a'));
  assert.equal(before('a')?.name, 'a', 'the old snapshot still serves');
});

test('a change of replicas alone leaves the whole table as it is', () => {
  const { compile, live } = setUp();
  const config = base().config(1);
  live.apply(config);
  const before = compile(config);
  const next = {
    ...config,
    version: 2,
    services: base().service('s', ['http://10.0.0.2:8000']).config().services,
  };
  live.apply(next);
  const after = compile(next);
  assert.equal(after.version, 2);
  assert.equal(after.entryPoints, before.entryPoints);
  assert.equal(live.service('s')?.ready[0]?.origin, 'http://10.0.0.2:8000');
});

test('a changed middleware or service changes its routers', () => {
  const { apply } = setUp();
  const config = base().config(1);
  const before = apply(config)('b');
  const middlewares = base()
    .middleware('m', { kind: 'addPrefix', options: { prefix: '/y' } })
    .config().middlewares;
  const afterMiddleware = apply({ ...config, middlewares })('b');
  assert.notEqual(afterMiddleware?.chain[0], before?.chain[0]);
  const services = base().service('s', [], { passHostHeader: false, strategy: 'p2c' }).config().services;
  const afterService = apply({ ...config, middlewares, services })('b');
  assert.equal(balancerOf(afterService)?.strategy, 'p2c');
  assert.equal(balancerOf(afterService)?.passHostHeader, false);
});

test('a changed router costs no regexp of its neighbours', (t) => {
  const { apply } = setUp();
  const draft = (priority: number) =>
    base()
      .router('one', { rule: 'Host(`a`) && PathRegexp(`^/one`)' })
      .router('two', { rule: 'Host(`a`) && PathRegexp(`^/two`)', priority })
      .config(priority);
  const before = draft(101);
  apply(before);
  const compile = t.mock.method(RE2JS, 'compile');
  const changed = draft(102).routers.get('two');
  assert.ok(changed);
  const match = apply({ ...before, version: 2, routers: new Map([...before.routers, ['two', changed]]) });
  assert.equal(match('a', '/one')?.name, 'one');
  assert.equal(match('a', '/two')?.name, 'two');
  assert.equal(compile.mock.callCount(), 0);
});

test('removed routers match no more, and come back', () => {
  const { apply } = setUp();
  assert.equal(apply(base().config(1))('a')?.name, 'a');
  assert.equal(apply(gateway().config(2))('a'), undefined);
  assert.equal(apply(base().config(3))('a')?.name, 'a');
});

test('disabled routers, those with tls and those of other entry points do not match', () => {
  const { apply } = setUp();
  const match = apply(
    gateway()
      .service('s', [])
      .router('off', { rule: 'Host(`off`)', status: 'disabled' })
      .router('tls', { rule: 'Host(`tls`)', tls: {} })
      .router('elsewhere', { rule: 'Host(`elsewhere`)', entryPoints: ['other'] })
      .router('doubtful', { rule: 'Host(`doubtful`)', status: 'warning' })
      .config(),
  );
  for (const host of ['off', 'tls', 'elsewhere']) assert.equal(match(host), undefined, host);
  assert.equal(match('elsewhere', '/', 'other')?.name, 'elsewhere');
  assert.equal(match('doubtful')?.name, 'doubtful');
});

test('a middleware that is missing or cannot be compiled lets nothing through', () => {
  const { apply, faults } = setUp();
  const match = apply(
    gateway()
      .service('s', [])
      .middleware('file', { kind: 'basicAuth', options: { usersFile: '/nowhere' } })
      .router('missing', { rule: 'Host(`missing`)', middlewares: ['nobody'] })
      .router('file', { rule: 'Host(`file`)', middlewares: ['file'] })
      .config(),
  );
  for (const host of ['missing', 'file']) {
    assert.throws(() => match(host)?.chain[0]?.({} as never), { code: 'internal' });
  }
  assert.equal(faults.length, 1);
});

test('names that every object has are harmless', () => {
  const { apply } = setUp();
  const match = apply(
    gateway()
      .service('__proto__', ['http://10.0.0.1:80'])
      .router('constructor', { rule: 'Host(`a`)', service: '__proto__', middlewares: [] })
      .config(),
  );
  assert.equal(match('a')?.service?.name, '__proto__');
});

test('sharded tables answer as one index over all routers does, also after changes', () => {
  const host = fc.constantFrom('a.test', 'b.test', 'c.d.test', 'x');
  const path = fc.constantFrom('/', '/p', '/p/q', '/z');
  const rule = fc.oneof(
    host.map((name) => `Host(\`${name}\`)`),
    fc.tuple(host, path).map(([name, prefix]) => `Host(\`${name}\`) && PathPrefix(\`${prefix}\`)`),
    fc.tuple(host, path).map(([name, prefix]) => `Host(\`${name}\`) || PathPrefix(\`${prefix}\`)`),
    fc.tuple(host, host).map(([one, other]) => `Host(\`${one}\`) || Host(\`${other}\`)`),
    host.map((name) => `!Host(\`${name}\`)`),
    path.map((prefix) => `PathPrefix(\`${prefix}\`)`),
    fc.constant('Host(`*.d.test`)'),
    fc.constant('HostRegexp(`^[ab]\\.test$`)'),
  );
  const router = fc.record({ rule, priority: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(
      fc.array(fc.array(router, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      host,
      path,
      (versions, asked, at) => {
        const compile = createRouterTableCompiler();
        let removed: readonly RouterEntry[] = [];
        for (const routers of versions) {
          const entries = routers.map(({ rule: text, priority }, index) => {
            const parsed = parseRule(text, 'v3');
            assert.ok(parsed.ok);
            const name = `r${index}`;
            const compiled = {
              name,
              chain: [],
              service: undefined,
              needsCompleteLane: false,
              serviceName: '',
              accessLogs: undefined,
              metrics: undefined,
            };
            return {
              router: compiled,
              rule: parsed.rule,
              priority,
              order: name,
              entryPoints: ['web'],
              tlsEntryPoints: [],
              shards: shardsOf(parsed.rule),
            };
          });
          const whole = createRouterIndex(
            entries
              .toSorted((one, other) => (one.order < other.order ? -1 : 1))
              .map((entry, order) => ({
                rule: entry.rule,
                priority: entry.priority,
                order,
                value: entry.router,
              })),
          );
          const table = compile({ removed, added: entries });
          removed = entries;
          assert.equal(table.match(headOf(asked, at)), whole.match(headOf(asked, at)));
        }
      },
    ),
  );
});

test('after any sequence of changes the snapshot is the one that a new compiler makes', () => {
  const names = ['a', 'b', 'c'];
  const router = fc.record({
    service: fc.constantFrom('s', 't'),
    middlewares: fc.subarray(['m', 'n']),
    isTls: fc.boolean(),
    entryPoints: fc.subarray(['web', 'other']),
  });
  const draft = fc.record({
    routers: fc.tuple(...names.map(() => fc.option(router, { nil: undefined }))),
    services: fc.subarray(['s', 't']),
    passHostHeader: fc.boolean(),
    middlewares: fc.subarray(['m', 'n']),
    prefix: fc.constantFrom('/x', '/y'),
  });
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1, maxLength: 6 }), (steps) => {
      const remembering = setUp();
      const known = new Map<string, DynamicConfig['routers']>();
      steps.forEach(({ routers, services, passHostHeader, middlewares, prefix }, version) => {
        const built = gateway();
        for (const name of services) built.service(name, [], { passHostHeader });
        for (const name of middlewares) built.middleware(name, { kind: 'addPrefix', options: { prefix } });
        routers.forEach((one, at) => {
          const { isTls, ...options } = one ?? { isTls: false };
          const name = names[at] ?? '';
          if (one)
            built.router(name, { rule: `Host(\`${name}\`)`, ...options, ...(isTls ? { tls: {} } : {}) });
        });
        const draftConfig = built.config(version + 1);
        // Objects that are equal to earlier ones are the same objects, as the resolver keeps them.
        const config: DynamicConfig = {
          ...draftConfig,
          routers: new Map(
            [...draftConfig.routers].map(([name, made]) => {
              const key = JSON.stringify(made);
              const table = known.get(key) ?? new Map([[name, made]]);
              known.set(key, table);
              return [name, table.get(name) ?? made];
            }),
          ),
        };
        remembering.live.apply(config);
        const fresh = setUp();
        fresh.live.apply(config);
        const [ours, anew] = [remembering.compile(config), fresh.compile(config)];
        assert.equal(ours.version, version + 1);
        for (const entryPoint of ['web', 'other']) {
          for (const table of ['routers', 'tlsRouters'] as const) {
            for (const name of names) {
              const [one, other] = [ours, anew].map(({ entryPoints }) =>
                entryPoints.get(entryPoint)?.[table].match(headOf(name)),
              );
              assert.deepEqual(outcomeOf(one), outcomeOf(other));
            }
          }
        }
      });
    }),
    { numRuns: 200 },
  );
});

function balancerOf(router: CompiledRouter | undefined): CompiledBalancer | undefined {
  const service = router?.service;
  return service?.kind === 'loadBalancer' ? service : undefined;
}

/** What a router does to a request: its name, its service, and the path after its chain, or that it refuses. */
function outcomeOf(router: CompiledRouter | undefined) {
  if (router === undefined) return undefined;
  const exchange = { path: '/p' };
  let refused = false;
  try {
    for (const middleware of router.chain) middleware(exchange as never);
  } catch {
    refused = true;
  }
  const { name, service } = router;
  return {
    name,
    service: service?.name,
    passHostHeader: balancerOf(router)?.passHostHeader,
    refused,
    ...exchange,
  };
}
