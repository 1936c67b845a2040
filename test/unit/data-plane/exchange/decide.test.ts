import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, hostFor, type Route } from '../../../../src/data-plane/exchange/decide.ts';
import type {
  CompiledBalancer,
  CompiledRouter,
  CompiledService,
  EntryPointSnapshot,
} from '../../../../src/data-plane/exchange/snapshot.ts';
import { createLiveReplica, type LiveReplica } from '../../../../src/data-plane/live-state/live-replica.ts';
import type { Upstream } from '../../../../src/data-plane/live-state/upstream.ts';
import type { HeadMiddleware } from '../../../../src/data-plane/middlewares/exchange.ts';
import { type FaultCode, GatewayError } from '../../../../src/model/errors.ts';
import { defaultEntryPoint } from '../../../support/gateway.ts';
import { type HeadDraft, readExchange } from '../make-exchange.ts';

const noUpstream: Upstream = {
  send: () => assert.fail('decide sends nothing'),
  wire: undefined,
  close: () => {},
};

function replica(id: string, origin = `http://${id}:80`): LiveReplica {
  const live = createLiveReplica('s', {
    id,
    url: origin,
    weight: 1,
    preservePath: false,
    state: 'ready',
    since: 0,
  });
  live.origin = origin;
  live.upstream = noUpstream;
  return live;
}

function serviceOf(...ready: readonly LiveReplica[]): CompiledBalancer {
  return {
    kind: 'loadBalancer',
    name: 's',
    setsCookies: false,
    isStaged: false,
    sticky: undefined,
    passHostHeader: true,
    strategy: 'wrr',
    needsCompleteLane: false,
    live: { name: 's', service: undefined as never, replicas: ready, ready, clock: 0 },
  };
}

function snapshotOf(
  chain: readonly HeadMiddleware[] = [],
  service: CompiledService | undefined = serviceOf(replica('one')),
  matches: (path: string) => boolean = () => true,
): EntryPointSnapshot {
  const router: CompiledRouter = {
    name: 'r',
    chain,
    service,
    serviceName: 's',
    needsCompleteLane: false,
    accessLogs: undefined,
    metrics: undefined,
  };
  return {
    entryPoint: defaultEntryPoint,
    routers: { match: ({ path }) => (matches(path) ? router : undefined) },
    tlsRouters: { match: () => undefined },
    service: () => undefined,
  };
}

const judge = (draft: HeadDraft, snapshot: EntryPointSnapshot | undefined = snapshotOf()) => {
  const exchange = readExchange(draft);
  const route: Route = { router: undefined };
  return { exchange, route, verdict: decide(snapshot, exchange, route) };
};

const faultOf = (draft: HeadDraft, snapshot?: EntryPointSnapshot): FaultCode => {
  try {
    judge(draft, snapshot);
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  assert.fail('It was served.');
};

test('a request that a router takes goes to a replica of its service', () => {
  const { exchange, route, verdict } = judge({ target: '/a//b?c' });
  assert.equal(verdict.kind, 'forward');
  assert.equal(route.router?.name, 'r');
  assert.equal(exchange.path, '/a/b');
  assert.equal(exchange.query, '?c');
});

test('each fault of a head has its code', () => {
  const cases: readonly (readonly [HeadDraft, FaultCode])[] = [
    [{ method: 'CONNECT', target: 'evil:443' }, 'method-not-allowed'],
    [{ method: 'TRACE' }, 'method-not-allowed'],
    [{ target: '*', method: 'OPTIONS' }, 'bad-request'],
    [{ target: 'ftp://x/' }, 'bad-request'],
    [{ target: '/x?a b' }, 'bad-request'],
    [{ host: 'a/b' }, 'bad-host'],
    [{ target: 'http://u@a/' }, 'bad-host'],
    [{ target: 'http://a b/' }, 'bad-host'],
    [{ fields: { host: 'second' } }, 'bad-host'],
    [{ target: '/a%2Fb' }, 'bad-path'],
    [{ target: '/%zz' }, 'bad-path'],
    [{ target: `/${'x'.repeat(9_000)}` }, 'target-too-long'],
    [{ target: `/?${'x'.repeat(40_000)}` }, 'target-too-long'],
    [{ fields: { X: 'x'.repeat(70_000) } }, 'head-too-large'],
    [{ fields: { Expect: 'miracles' } }, 'expectation-failed'],
    [{ fields: { 'X-Berth-Hops': '10' } }, 'loop'],
  ];
  for (const [draft, code] of cases) assert.equal(faultOf(draft), code, JSON.stringify(draft).slice(0, 60));
});

test('without a configuration, a router or a service each has its code', () => {
  const exchange = readExchange();
  assert.throws(() => decide(undefined, exchange, { router: undefined }), { code: 'not-configured' });
  assert.equal(
    faultOf(
      {},
      snapshotOf([], undefined, () => false),
    ),
    'no-router',
  );
  const orphan = snapshotOf();
  const router: CompiledRouter = {
    name: 'r',
    chain: [],
    service: undefined,
    serviceName: 's',
    needsCompleteLane: false,
    accessLogs: undefined,
    metrics: undefined,
  };
  assert.equal(faultOf({}, { ...orphan, routers: { match: () => router } }), 'no-server');
});

test('an HTTP/1.0 request needs no Host, and none is sent as the client’s', () => {
  const read = readExchange({ httpVersion: '1.0' });
  const exchange = { ...read, received: { ...read.received, hostFields: 0, hostField: '' }, host: '' };
  const verdict = decide(snapshotOf(), exchange, { router: undefined });
  assert.ok(verdict.kind === 'forward');
  assert.equal(hostFor(exchange.host, verdict.service, verdict.replica), 'one:80');
});

test('middlewares run in their order until one answers', () => {
  const seen: string[] = [];
  const step =
    (name: string): HeadMiddleware =>
    () =>
      void seen.push(name) as undefined;
  const answer = { status: 401, fields: [], body: '' };
  const { verdict } = judge({}, snapshotOf([step('one'), step('two'), () => answer, step('three')]));
  assert.deepEqual(verdict, { kind: 'respond', answer });
  assert.deepEqual(seen, ['one', 'two']);
});

test('a middleware that waits makes the verdict wait, and the rest of the chain runs afterwards', async () => {
  const seen: string[] = [];
  const waiting: HeadMiddleware = async () => void seen.push('waited') as undefined;
  const after: HeadMiddleware = () => void seen.push('after') as undefined;
  const { verdict } = judge({}, snapshotOf([waiting, waiting, after]));
  assert.ok(verdict.kind === 'wait');
  assert.equal((await verdict.verdict).kind, 'forward');
  assert.deepEqual(seen, ['waited', 'waited', 'after']);
  const refusing = judge({}, snapshotOf([async () => ({ status: 401, fields: [], body: '' }), after]));
  assert.ok(refusing.verdict.kind === 'wait');
  assert.equal((await refusing.verdict.verdict).kind, 'respond');
  assert.deepEqual(seen, ['waited', 'waited', 'after']);
});

test('a path that a middleware cuts must still be a sanitised one', () => {
  const cutting: HeadMiddleware = (exchange) => {
    exchange.path = `/${exchange.path.slice('/api'.length)}`;
    return undefined;
  };
  assert.equal(faultOf({ target: '/api../admin' }, snapshotOf([cutting])), 'bad-path');
  assert.equal(judge({ target: '/apix/admin' }, snapshotOf([cutting])).exchange.path, '/x/admin');
});

test('a replica that was tried is not taken again while there are others', async () => {
  const { chooseReplica } = await import('../../../../src/data-plane/exchange/choose-replica.ts');
  const [one, two] = [replica('one'), replica('two')];
  const service = serviceOf(one, two);
  for (let at = 0; at < 4; at++) assert.equal(chooseReplica(service, '', [one]), two);
  assert.throws(() => chooseReplica(service, '', [one, two]), { code: 'no-ready-replica' });
});
