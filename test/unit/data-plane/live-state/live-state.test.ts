import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCellBook } from '../../../../src/bridge/cell-book.ts';
import { diffConfigs } from '../../../../src/bridge/config-patch.ts';
import { createLiveState } from '../../../../src/data-plane/live-state/create-live-state.ts';
import { beginLease, endLease } from '../../../../src/data-plane/live-state/lease.ts';
import { createLiveReplica, noteFirstByte } from '../../../../src/data-plane/live-state/live-replica.ts';
import { emptyDynamicConfig } from '../../../../src/model/dynamic-config.ts';
import type { ReplicaLoad } from '../../../../src/model/messages.ts';
import { pickWeightedRoundRobin } from '../../../../src/rules/balancing/weighted-round-robin.ts';
import { gateway, type ReplicaDraft } from '../../../support/gateway.ts';
import { until } from '../../../support/until.ts';

const url = (at: number) => `http://10.0.0.${at}:8000`;

function setUp() {
  const open = new Map<string, number>();
  const log: string[] = [];
  const reports: (readonly ReplicaLoad[])[] = [];
  const times: number[] = [];
  const live = createLiveState({
    openUpstream: (origin) => {
      log.push(`open ${origin}`);
      open.set(origin, (open.get(origin) ?? 0) + 1);
      return {
        send: () => assert.fail('nothing is sent'),
        wire: undefined,
        close: () => void log.push(`close ${origin}`),
      };
    },
    onLoads: (loads) => {
      reports.push(loads);
      times.push(performance.now());
    },
  });
  const apply = (services: Readonly<Record<string, readonly (string | ReplicaDraft)[]>>) => {
    const draft = gateway();
    for (const [name, replicas] of Object.entries(services)) draft.service(name, replicas);
    live.apply(draft.config());
  };
  const ready = (name: string) => live.service(name)?.ready.map(({ id }) => id);
  return { live, apply, ready, log, reports, times };
}

test('only replicas that are ready and have an address get requests', () => {
  const { apply, ready } = setUp();
  apply({
    s: [url(1), { url: url(2), state: 'starting' }, { state: 'ready' }, { url: url(4), state: 'stopping' }],
  });
  assert.deepEqual(ready('s'), ['s-0']);
});

test('connections are shared by origin, kept over changes and closed with their last use', () => {
  const { apply, log } = setUp();
  apply({ a: [url(1)], b: [url(1)] });
  assert.deepEqual(log, [`open ${url(1)}`]);
  apply({ a: [url(1), url(2)], b: [url(1)] });
  apply({ b: [{ url: url(1), state: 'paused' }] });
  assert.deepEqual(log, [`open ${url(1)}`, `open ${url(2)}`, `close ${url(2)}`]);
  apply({ c: [url(1)] });
  assert.deepEqual(log.slice(3), [], 'it goes from one service to another');
  apply({});
  assert.deepEqual(log.slice(3), [`close ${url(1)}`]);
});

test('a replica with a new address gets new connections and keeps its counts', () => {
  const { apply, live, log } = setUp();
  apply({ s: [{ id: 'x', url: url(1) }] });
  const before = live.service('s')?.replicas[0];
  assert.ok(before);
  endLease(beginLease(before, live.loads), true, live.loads);
  apply({ s: [{ id: 'x', url: url(2) }] });
  const after = live.service('s')?.replicas[0];
  assert.equal(after, before);
  assert.deepEqual([after?.requests, after?.failures, after?.inFlight], [1, 1, 0]);
  assert.deepEqual(log, [`open ${url(1)}`, `close ${url(1)}`, `open ${url(2)}`]);
});

test('a replica that comes back while a request is still on it goes on counting', () => {
  const { apply, live } = setUp();
  apply({ s: [url(1)] });
  const before = live.service('s')?.replicas[0];
  assert.ok(before);
  const lease = beginLease(before, live.loads);
  apply({});
  apply({ s: [url(1)] });
  assert.equal(live.service('s')?.replicas[0], before);
  assert.equal(before.inFlight, 1);
  endLease(lease, false, live.loads);
  endLease(lease, false, live.loads);
  assert.equal(before.inFlight, 0);
});

test('verdicts count only where a health check is configured, whichever comes first', () => {
  const { live, ready } = setUp();
  const healthCheck = { path: '/' } as never;
  const config = (version: number) =>
    gateway()
      .service('checked', [url(version)], { healthCheck })
      .service('free', [url(version)])
      .config();
  live.setVerdicts([
    { service: 'checked', replica: 'checked-0', verdict: 'up' },
    { service: 'free', replica: 'free-0', verdict: 'down' },
  ]);
  live.apply(config(1));
  assert.deepEqual([ready('checked'), ready('free')], [['checked-0'], ['free-0']]);
  live.setVerdicts([{ service: 'checked', replica: 'checked-0', verdict: 'down' }]);
  assert.deepEqual(ready('checked'), []);
  live.apply(config(2));
  assert.deepEqual(ready('checked'), [], 'a reload does not forget');
  live.apply(emptyDynamicConfig);
  live.apply(config(3));
  assert.deepEqual(ready('checked'), [], 'a replica that is new is unknown');
});

test('a TCP replica that is checked gets nothing before it has passed', () => {
  const { live, ready } = setUp();
  const config = gateway().tcpService('t', ['tcp://10.0.0.1:1']).config();
  const [[name, service] = []] = config.tcpServices;
  assert.ok(name !== undefined && service !== undefined);
  live.apply({ ...config, tcpServices: new Map([[name, { ...service, healthCheck: {} as never }]]) });
  assert.deepEqual(ready('t (tcp)'), []);
  live.setVerdicts([{ service: 't (tcp)', replica: 't-0', verdict: 'up' }]);
  assert.deepEqual(ready('t (tcp)'), ['t-0']);
});

test('an unchanged configuration touches nothing', () => {
  const { live } = setUp();
  const config = gateway()
    .service('s', [url(1)])
    .config();
  live.apply(config);
  const before = live.service('s')?.ready;
  live.apply({ ...config, services: new Map(config.services) });
  assert.equal(live.service('s')?.ready, before);
});

test('loads are reported when they change, together and not too often', async () => {
  const { apply, live, reports, times } = setUp();
  apply({ s: [url(1), url(2)] });
  const [one, two] = live.service('s')?.replicas ?? [];
  assert.ok(one && two);
  const leases = [beginLease(one, live.loads), beginLease(one, live.loads), beginLease(two, live.loads)];
  await until('the first report', () => reports.length === 1);
  assert.deepEqual(
    reports[0]?.map(({ replica, inFlight, requests }) => ({ replica, inFlight, requests })),
    [
      { replica: 's-0', inFlight: 2, requests: 2 },
      { replica: 's-1', inFlight: 1, requests: 1 },
    ],
  );
  for (const lease of leases) endLease(lease, lease.replica === two, live.loads);
  await until('the second report', () => reports.length === 2);
  const [first = 0, second = 0] = times;
  assert.ok(second - first > 200, 'at most four times a second');
  assert.deepEqual(
    reports[1]?.map(({ inFlight, failures }) => ({ inFlight, failures })),
    [
      { inFlight: 0, failures: 0 },
      { inFlight: 0, failures: 1 },
    ],
  );
  live.close();
});

test('the time to the first byte is a mean in which old answers fade', () => {
  const replica = createLiveReplica('s', {
    id: 'x',
    weight: 1,
    preservePath: false,
    state: 'ready',
    since: 0,
  });
  noteFirstByte(replica, 100);
  noteFirstByte(replica, 300);
  assert.equal(replica.firstByteMs, 200);
  for (let at = 0; at < 1_000; at++) noteFirstByte(replica, 10);
  assert.ok(Math.abs(replica.firstByteMs - 10) < 1);
});

test('workers that share cells take turns together and see each other’s requests', () => {
  const book = createCellBook(2);
  const config = gateway()
    .service('s', [url(1), url(2), url(3)])
    .config();
  const cells = book.assign(diffConfigs(emptyDynamicConfig, config));
  const states = [0, 1].map((writer) => {
    const state = createLiveState({
      openUpstream: () => ({ send: () => assert.fail(), wire: undefined, close: () => {} }),
      onLoads: () => {},
      cells: book.cells,
      writer,
    });
    state.assignCells(cells);
    state.apply(config);
    return state;
  });
  const picked = Array.from({ length: 6 }, (_, turn) => {
    const service = states[turn % 2]?.service('s');
    assert.ok(service);
    return pickWeightedRoundRobin(service.ready, service)?.id;
  });
  assert.deepEqual(picked, ['s-0', 's-1', 's-2', 's-0', 's-1', 's-2']);

  const [one, other] = states.map((state) => state.service('s')?.ready[0]);
  assert.ok(one && other && states[0] && states[1]);
  const lease = beginLease(one, states[0].loads);
  beginLease(other, states[1].loads);
  assert.deepEqual([one.inFlight, one.underWay, other.inFlight], [2, 1, 2]);
  book.retire(1);
  assert.equal(one.inFlight, 1, 'what a dead worker had under way is over');
  endLease(lease, false, states[0].loads);
  assert.equal(one.inFlight, 0);
});
