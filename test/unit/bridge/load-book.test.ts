// Loads of several workers are summed, and survive the death of one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffConfigs } from '../../../src/bridge/config-patch.ts';
import { createLoadBook } from '../../../src/bridge/load-book.ts';
import { emptyDynamicConfig, type Service } from '../../../src/model/dynamic-config.ts';
import type { ReplicaLoad } from '../../../src/model/messages.ts';

const nothingChanged = diffConfigs(emptyDynamicConfig, emptyDynamicConfig);

const load = (inFlight: number, requests: number, replica = 'r'): ReplicaLoad => ({
  service: 's@docker',
  replica,
  inFlight,
  requests,
  failures: 0,
  lastRequest: requests,
});

test('sums what the workers report', () => {
  const book = createLoadBook();
  book.record(0, [load(1, 10)]);
  assert.deepEqual(book.record(1, [load(2, 5)]), [{ ...load(3, 15), lastRequest: 10 }]);
  assert.equal(book.of('s@docker', 'r')?.inFlight, 3);
  assert.equal(book.of('s@docker', 'other'), undefined);
});

test('a dead worker leaves its totals and takes its requests in flight along', () => {
  const book = createLoadBook();
  book.record(0, [load(4, 10)]);
  const [changed] = book.retire(0);
  assert.equal(changed?.inFlight, 0);
  assert.equal(changed?.requests, 10);
  book.record(0, [load(1, 2)]);
  assert.equal(book.of('s@docker', 'r')?.requests, 12);
});

test('forgets replicas that are gone, but not while they have requests in flight', () => {
  const book = createLoadBook();
  book.record(0, [load(0, 1, 'idle'), load(1, 1, 'busy'), load(0, 1, 'kept')]);
  const service = { name: 's@docker', replicas: [{ id: 'kept' }] } as unknown as Service;
  book.prune({ ...nothingChanged, services: { set: [service], removed: [] } });
  assert.equal(book.of('s@docker', 'idle'), undefined);
  assert.equal(book.of('s@docker', 'busy')?.inFlight, 1);
  assert.equal(book.of('s@docker', 'kept')?.requests, 1);
});

test('forgets a service of TCP without touching the one of HTTP that is called like it', () => {
  const book = createLoadBook();
  const count = { inFlight: 0, requests: 1, failures: 0, lastRequest: 0 };
  book.record(0, [
    { ...count, service: 's@docker', replica: 'r' },
    { ...count, service: 's@docker (tcp)', replica: 'r' },
  ]);
  book.prune({ ...nothingChanged, tcpServices: { set: [], removed: ['s@docker'] } });
  assert.equal(book.of('s@docker (tcp)', 'r'), undefined);
  assert.equal(book.of('s@docker', 'r')?.requests, 1);
});
