// Cells of services and replicas: one for each, given back when it goes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCellBook } from '../../../src/bridge/cell-book.ts';
import { diffConfigs } from '../../../src/bridge/config-patch.ts';
import { emptyDynamicConfig } from '../../../src/model/dynamic-config.ts';
import { gateway } from '../../support/gateway.ts';

const configOf = (version: number, services: Readonly<Record<string, readonly string[]>>) => {
  const draft = gateway();
  for (const [name, ids] of Object.entries(services)) {
    draft.service(
      name,
      ids.map((id) => ({ id })),
    );
  }
  return { ...draft.config(version) };
};

test('each service and replica gets a cell of its own, and keeps it over changes', () => {
  const book = createCellBook(1);
  const one = configOf(1, { s: ['a', 'b'] });
  const first = book.assign(diffConfigs(emptyDynamicConfig, one));
  assert.deepEqual(
    first.map(({ service, replica }) => `${service}/${replica}`),
    ['s/', 's/a', 's/b'],
  );
  assert.equal(new Set(first.map(({ cell }) => cell)).size, 3);
  assert.deepEqual(
    first.map(({ cell }) => book.cells.marks[cell]),
    [0, -1, -1],
  );
  const two = configOf(2, { s: ['b', 'c'] });
  const second = book.assign(diffConfigs(one, two));
  assert.deepEqual(
    second.map(({ replica }) => replica),
    ['c'],
  );
  assert.deepEqual(
    book.all().map(({ replica }) => replica),
    ['', 'b', 'c'],
  );
  book.assign(diffConfigs(two, configOf(3, {})));
  assert.deepEqual(book.all(), []);
});

test('services of TCP and HTTP may have one name and one replica, and are counted apart', () => {
  const book = createCellBook(1);
  const both = gateway()
    .service('s', [{ id: 'a' }])
    .tcpService('s', [{ id: 'a' }])
    .config(1);
  const cells = book.assign(diffConfigs(emptyDynamicConfig, both));
  assert.deepEqual(
    cells.map(({ service, replica }) => `${service}/${replica}`),
    ['s/', 's/a', 's (tcp)/', 's (tcp)/a'],
  );
  assert.equal(new Set(cells.map(({ cell }) => cell)).size, 4);
  const left = gateway()
    .service('s', [{ id: 'a' }])
    .config(2);
  book.assign(diffConfigs(both, { ...left, services: both.services }));
  assert.deepEqual([...new Set(book.all().map(({ service }) => service))], ['s']);
});

test('a service over services gets a cell for each member', () => {
  const book = createCellBook(1);
  const member = (name: string) => ({ name: `${name}@docker`, written: name, weight: 1 });
  const config = gateway()
    .composite('w', { kind: 'weighted', members: [member('a'), member('b')], followsHealth: false, depth: 1 })
    .config();
  const assigned = book.assign(diffConfigs(emptyDynamicConfig, config));
  assert.deepEqual(
    assigned.map(({ service, replica, cell }) => [service, replica, book.cells.marks[cell]]),
    [
      ['w', '', 0],
      ['w', 'a', -1],
      ['w', 'b', -1],
    ],
  );
});
