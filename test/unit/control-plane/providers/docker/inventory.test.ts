// What the inventory believes when lists, inspections and events cross.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  factsFromInspected,
  factsFromListed,
} from '../../../../../src/control-plane/providers/docker/container-facts.ts';
import type {
  RawInspected,
  RawListed,
} from '../../../../../src/control-plane/providers/docker/engine-answers.ts';
import type { EngineEvent } from '../../../../../src/control-plane/providers/docker/engine-event.ts';
import {
  createInventory,
  type Inventory,
} from '../../../../../src/control-plane/providers/docker/inventory.ts';
import {
  type FakeContainerOptions,
  fakeContainer,
  toInspected,
  toListed,
} from '../../../../support/fake-container.ts';

/** Two descriptions of one container are the same, whenever they are made. */
const born = { createdAt: Date.now(), startedAt: Date.now() };

const listed = (options: FakeContainerOptions) =>
  factsFromListed(toListed(fakeContainer({ ...born, ...options })) as RawListed);
const inspected = (options: FakeContainerOptions) =>
  factsFromInspected(toInspected(fakeContainer({ ...born, ...options })) as RawInspected);
const event = (action: EngineEvent['action'], name: string, signal?: string): EngineEvent => ({
  container: fakeContainer({ name }).id,
  action,
  at: Date.now(),
  signal,
  health: undefined,
});
const { id } = fakeContainer({ name: 'a' });

const recordsOf = (inventory: Inventory) => [...inventory.records().values()];

function holding(...names: string[]) {
  const inventory = createInventory();
  inventory.applyList(
    inventory.beginReading(),
    names.map((name) => listed({ name })),
  );
  return inventory;
}

test('a list adds, replaces and removes', () => {
  const inventory = holding('a', 'b');
  const outcome = inventory.applyList(inventory.beginReading(), [
    listed({ name: 'b' }),
    listed({ name: 'c' }),
  ]);
  assert.equal(outcome.changed, true);
  assert.deepEqual(
    recordsOf(inventory)
      .map(({ name }) => name)
      .sort(),
    ['b', 'c'],
  );
});

test('records are sorted by id, and the table stays the same until something changes', () => {
  const inventory = holding('a', 'b', 'c', 'd');
  const before = inventory.records();
  assert.deepEqual(
    [...before.values()],
    [...before.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  );
  inventory.applyList(
    inventory.beginReading(),
    ['d', 'c', 'b', 'a'].map((name) => listed({ name })),
  );
  assert.equal(inventory.records(), before);
});

test('an inspection that began before an event is stale', () => {
  const inventory = holding('a');
  const reading = inventory.beginReading();
  assert.equal(inventory.applyEvent(event('die', 'a')).changed, true);
  assert.equal(inventory.applyInspection(reading, id, inspected({ name: 'a' })), 'stale');
  assert.equal(recordsOf(inventory)[0]?.state, 'exited');
  assert.equal(inventory.applyInspection(inventory.beginReading(), id, inspected({ name: 'a' })), 'changed');
  assert.equal(recordsOf(inventory)[0]?.state, 'running');
});

test('a list that began before an event does not undo it', () => {
  const inventory = holding('a', 'b');
  const reading = inventory.beginReading();
  inventory.applyEvent(event('destroy', 'b'));
  inventory.applyInspection(
    inventory.beginReading(),
    fakeContainer({ name: 'new' }).id,
    inspected({ name: 'new' }),
  );
  inventory.applyEvent(event('kill', 'a', '15'));
  inventory.applyList(reading, [listed({ name: 'a' }), listed({ name: 'b' })]);
  const names = recordsOf(inventory).map(({ name, stopping }) => [name, stopping]);
  assert.deepEqual(names.sort(), [
    ['a', true],
    ['new', false],
  ]);
});

test('an inspection of a container that was removed meanwhile does not bring it back', () => {
  const inventory = holding('a');
  const reading = inventory.beginReading();
  inventory.applyEvent(event('destroy', 'a'));
  assert.equal(inventory.applyInspection(reading, id, inspected({ name: 'a' })), 'stale');
  assert.deepEqual(recordsOf(inventory), []);
});

test('an event of an unknown container asks for an inspection', () => {
  const inventory = createInventory();
  assert.deepEqual(inventory.applyEvent(event('start', 'a')), { changed: false, inspect: true });
});

test('a kill asks for another look when the container should have ended', () => {
  const inventory = holding('a');
  assert.deepEqual(inventory.applyEvent(event('kill', 'a', '15')), {
    changed: true,
    inspect: true,
    inspectAgainMs: 30_000,
  });
});

test('a list asks for what it does not tell: ports of labelled containers at rest, and whether one still stops', () => {
  const inventory = createInventory();
  const labels = { 'Traefik.enable': 'true' };
  const { inspect } = inventory.applyList(inventory.beginReading(), [
    listed({ name: 'created', state: 'created', labels }),
    listed({ name: 'unlabelled', state: 'created' }),
    listed({ name: 'running', labels }),
  ]);
  assert.deepEqual(inspect, [fakeContainer({ name: 'created' }).id]);
});
