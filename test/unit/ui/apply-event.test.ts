// What live events make of the cached data of the dashboard.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ServiceView } from '../../../src/model/view.ts';
import { makeReplica, makeService } from '../../../ui/dev/recorded.ts';
import { applyToProviders, applyToReplicas, applyToService } from '../../../ui/src/live/apply-event.ts';

const at = '2026-01-01T00:00:00.000Z';
const [one, two] = [makeReplica('tts', 'one'), makeReplica('tts', 'two')];
const other = makeReplica('other', 'one');

describe('applyToReplicas', () => {
  it('replaces a known replica in its place and leaves the others as they are', () => {
    const paused = { ...two, state: 'paused', ready: false } as const;
    const next = applyToReplicas([one, two, other], { type: 'replica', at, replica: paused });
    assert.deepEqual(next, [one, paused, other]);
    assert.equal(next[0], one);
  });

  it('adds a replica that it does not know', () => {
    assert.deepEqual(applyToReplicas([one], { type: 'replica', at, replica: two }), [one, two]);
  });

  it('takes the same id in another service for another replica', () => {
    const gone = { type: 'replica-gone', at, service: other.service, id: other.id } as const;
    assert.equal(one.id, other.id);
    assert.deepEqual(applyToReplicas([one, other], gone), [one]);
  });

  it('returns the same list when nothing changes', () => {
    const list = [one, two];
    assert.equal(
      applyToReplicas(list, { type: 'replica-gone', at, service: 'tts@docker', id: 'never' }),
      list,
    );
    assert.equal(applyToReplicas(list, { type: 'loads', at, replicas: [] }), list);
    assert.equal(applyToReplicas(list, { type: 'loads', at, replicas: [one, other] }), list);
  });

  it('takes only the figures from a load', () => {
    const load = { service: one.service, id: one.id, inFlight: 3, requests: 9, failures: 1 };
    const next = applyToReplicas([one, two], { type: 'loads', at, replicas: [load] });
    assert.deepEqual(next, [{ ...one, inFlight: 3, requests: 9, failures: 1 }, two]);
    assert.equal(next[1], two);
  });
});

describe('applyToService', () => {
  const service: ServiceView = { ...makeService('tts'), replicas: [one, two] };

  it('keeps a service that the event does not concern', () => {
    assert.equal(applyToService(service, { type: 'replica', at, replica: other }), service);
    assert.equal(
      applyToService(service, { type: 'loads', at, replicas: [{ ...other, inFlight: 5 }] }),
      service,
    );
  });

  it('changes the replicas of the one that it concerns', () => {
    const gone = { type: 'replica-gone', at, service: 'tts@docker', id: one.id } as const;
    assert.deepEqual(applyToService(service, gone).replicas, [two]);
    const busy = applyToService(service, { type: 'loads', at, replicas: [{ ...two, inFlight: 5 }] });
    assert.deepEqual(
      busy.replicas.map((replica) => replica.inFlight),
      [0, 5],
    );
  });
});

describe('applyToProviders', () => {
  it('replaces a known provider and adds a new one', () => {
    const up = { provider: 'docker', state: 'up', since: at } as const;
    const down = { ...up, state: 'down' } as const;
    const file = { ...up, provider: 'file' } as const;
    assert.deepEqual(applyToProviders([up, file], down), [down, file]);
    assert.deepEqual(applyToProviders([up], file), [up, file]);
  });
});
