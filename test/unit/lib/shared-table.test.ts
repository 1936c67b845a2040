import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToCell } from '../../../src/lib/shared-cells.ts';
import { createSharedTable, type SharedTable, slotOf } from '../../../src/lib/shared-table.ts';

/** The slot of a key that must have one, with a time until when it means something. */
function use(table: SharedTable, key: bigint, until = 0n, now = 0n): number {
  const slot = slotOf(table, key, now);
  assert.ok(slot !== undefined);
  if (until > 0n) table.times[slot] = until;
  return slot;
}

test('a key keeps its slot, and two keys have two', () => {
  const table = createSharedTable(1, 8);
  const slot = use(table, 1n, 5n);
  assert.notEqual(use(table, 2n, 5n), slot);
  assert.equal(use(table, 1n), slot);
});

test('a slot is free again when its time is over', () => {
  const table = createSharedTable(1, 8);
  const first = use(table, 1n, 5n);
  for (let key = 2n; key <= 8n; key += 1n) use(table, key, 100n);
  assert.equal(use(table, 9n, 0n, 5n), first);
});

test('when all are taken the key goes whose time is over first, but none that counts', () => {
  const table = createSharedTable(1, 8);
  const slots = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n].map((key) => use(table, key, 100n + key));
  addToCell(table.counts, slots[0] ?? -1, 0, 1);
  const slot = use(table, 9n);
  assert.equal(slot, slots[1]);
  assert.equal(table.times[slot], 0n, 'it begins anew');
  for (const one of slots.slice(1)) addToCell(table.counts, one, 0, 1);
  assert.equal(slotOf(table, 10n, 0n), undefined);
});
