// How facts and events change what is known of a container, above all whether it is about to end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ContainerEntry,
  withEvent,
  withFacts,
} from '../../../../../src/control-plane/providers/docker/container-entry.ts';
import {
  factsFromInspected,
  factsFromListed,
  toSignal,
} from '../../../../../src/control-plane/providers/docker/container-facts.ts';
import type {
  RawInspected,
  RawListed,
} from '../../../../../src/control-plane/providers/docker/engine-answers.ts';
import type { EngineEvent } from '../../../../../src/control-plane/providers/docker/engine-event.ts';
import {
  type FakeContainer,
  fakeContainer,
  toInspected,
  toListed,
} from '../../../../support/fake-container.ts';

const bornAt = Date.parse('2026-01-02T03:04:05Z');
const container = (parts: Partial<FakeContainer> = {}) =>
  fakeContainer({ name: 'a', createdAt: bornAt, startedAt: bornAt + 500, ...parts });
const listed = (parts: Partial<FakeContainer> = {}) =>
  factsFromListed(toListed(container(parts)) as RawListed);
const inspected = (parts: Partial<FakeContainer> = {}) =>
  factsFromInspected(toInspected(container(parts)) as RawInspected);
const event = (action: EngineEvent['action'], parts: Partial<EngineEvent> = {}): EngineEvent => ({
  container: container().id,
  action,
  at: bornAt + 10_000,
  signal: undefined,
  health: undefined,
  ...parts,
});
const killed = (entry: ContainerEntry, signal: string, now = bornAt + 10_000) =>
  withEvent(entry, event('kill', { signal }), now) ?? entry;

test('a list and an inspection tell the same of a running container', () => {
  const { since: _, ...fromList } = listed({ health: 'healthy', ports: [7860, 80] }).record;
  const { since, ...fromInspection } = inspected({ health: 'healthy', ports: [7860, 80] }).record;
  assert.deepEqual(fromList, fromInspection);
  assert.equal(since, bornAt + 500);
  assert.deepEqual(
    fromList.exposedPorts.map(({ port }) => port),
    [80, 7860],
  );
});

test('a record stays the same object as long as it is equal, whoever told it', () => {
  const first = withFacts(undefined, inspected(), 0);
  assert.equal(withFacts(first, inspected(), 1).record, first.record);
  assert.equal(withFacts(first, listed(), 2).record, first.record);
  assert.notEqual(withFacts(first, inspected({ health: 'starting' }), 3).record, first.record);
});

test('a container at rest keeps the ports that a list does not name', () => {
  const running = withFacts(undefined, inspected(), 0);
  const atRest = withFacts(running, listed({ state: 'exited' }), 1);
  assert.deepEqual(atRest.record.exposedPorts, [{ port: 80, protocol: 'tcp' }]);
});

test('a paused container keeps its health, which the Engine does not tell', () => {
  const running = withFacts(undefined, inspected({ health: 'unhealthy' }), 0);
  assert.equal(
    withFacts(running, listed({ state: 'paused', health: 'unhealthy' }), 1).record.health,
    'unhealthy',
  );
});

const signals = [
  { name: 'SIGTERM', signal: '15', stopping: true },
  { name: 'SIGINT', signal: '2', stopping: true },
  { name: 'SIGQUIT', signal: '3', stopping: true },
  { name: 'SIGKILL', signal: '9', stopping: true },
  { name: 'the name of a signal', signal: 'SIGTERM', stopping: true },
  { name: 'SIGHUP, which reloads', signal: '1', stopping: false },
  { name: 'SIGUSR1', signal: '10', stopping: false },
  { name: 'SIGWINCH of an image that stops by it', signal: '28', stopSignal: 'SIGWINCH', stopping: true },
  { name: 'RTMIN+3 of systemd', signal: '37', stopSignal: 'RTMIN+3', stopping: true },
];

for (const { name, signal, stopSignal, stopping } of signals) {
  test(`${name} means that it ${stopping ? 'stops' : 'goes on'}`, () => {
    const known = inspected(stopSignal === undefined ? {} : { stopSignal });
    assert.equal(killed(withFacts(undefined, known, 0), signal).record.stopping, stopping);
  });
}

test('an unusual signal is judged by the inspection that follows, when only a list is known', () => {
  const now = bornAt + 10_000;
  const entry = killed(withFacts(undefined, listed(), now), '28');
  assert.equal(entry.record.stopping, false);
  assert.equal(withFacts(entry, inspected({ stopSignal: 'SIGWINCH' }), now).record.stopping, true);
  assert.equal(withFacts(entry, inspected(), now).record.stopping, false);
});

test('a container that handles its signal and runs on serves again after the grace time', () => {
  const entry = killed(withFacts(undefined, inspected(), 0), '15', 1_000);
  assert.equal(withFacts(entry, inspected(), 30_999).record.stopping, true);
  assert.equal(withFacts(entry, listed(), 30_999).record.stopping, true);
  assert.equal(withFacts(entry, inspected(), 31_000).record.stopping, false);
});

test('a longer stop_grace_period of the container is respected', () => {
  const slow = inspected({ stopTimeout: 120 });
  const entry = killed(withFacts(undefined, slow, 0), '15', 1_000);
  assert.equal(withFacts(entry, slow, 120_999).record.stopping, true);
  assert.equal(withFacts(entry, slow, 121_000).record.stopping, false);
});

test('a harmless signal during a stop does not end it', () => {
  const entry = killed(withFacts(undefined, inspected(), 0), '15', 1_000);
  assert.equal(killed(entry, '1', 2_000).record.stopping, true);
});

test('after a new start nothing of the old signal is left', () => {
  const entry = killed(withFacts(undefined, inspected(), 0), '15');
  const again = withFacts(entry, inspected({ startedAt: bornAt + 20_000 }), bornAt + 20_001);
  assert.equal(again.record.stopping, false);
  assert.equal(again.record.since, bornAt + 20_000);
});

test('die tells all by itself', () => {
  const entry = killed(withFacts(undefined, inspected({ health: 'healthy' }), 0), '15');
  const { record } = withEvent(entry, event('die', { at: bornAt + 11_000 }), 0) ?? entry;
  assert.deepEqual(
    { state: record.state, health: record.health, stopping: record.stopping, since: record.since },
    { state: 'exited', health: 'none', stopping: false, since: bornAt + 11_000 },
  );
});

test('a health that is no news, or of a container at rest, changes nothing', () => {
  const running = withFacts(undefined, inspected({ health: 'healthy' }), 0);
  assert.equal(withEvent(running, event('health_status', { health: 'healthy' }), 0), undefined);
  assert.equal(withEvent(running, event('health_status', { health: 'running' }), 0), undefined);
  const atRest = withFacts(undefined, inspected({ state: 'exited' }), 0);
  assert.equal(withEvent(atRest, event('health_status', { health: 'unhealthy' }), 0), undefined);
});

test('signals are read by number and by name', () => {
  assert.deepEqual(
    ['9', 'KILL', 'SIGKILL', 'sigterm', 'RTMIN', 'SIGRTMIN+3', 'toString', '', undefined].map(toSignal),
    [9, 9, 9, 15, 34, 37, undefined, undefined, undefined],
  );
});

test('answers with nothing but an id are read', () => {
  for (const facts of [factsFromListed({ Id: 'x' }), factsFromInspected({ Id: 'x' })]) {
    assert.equal(facts.record.id, 'x');
    assert.equal(facts.record.state, 'exited');
    assert.deepEqual(facts.record.networks, []);
  }
});

test('published ports are read from lists and inspections alike', () => {
  const fromList = factsFromListed({
    Id: 'x',
    State: 'running',
    Ports: [
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { PrivatePort: 53, Type: 'udp' },
    ],
  });
  const fromInspection = factsFromInspected({
    Id: 'x',
    State: { Status: 'running' },
    NetworkSettings: {
      Ports: {
        '80/tcp': [
          { HostIp: '0.0.0.0', HostPort: '8080' },
          { HostIp: '::', HostPort: '8080' },
        ],
        '53/udp': null,
      },
    },
  });
  assert.deepEqual(fromList.record.portBindings, fromInspection.record.portBindings);
  assert.deepEqual(fromList.record.exposedPorts, fromInspection.record.exposedPorts);
  assert.equal(fromList.record.portBindings.length, 2);
});

test('a name is the one without a second slash', () => {
  assert.equal(factsFromListed({ Id: 'x', Names: ['/other/link', '/own'] }).record.name, 'own');
});
