// Counts of several writers: sums, and the share of one that has died.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToCell, createSharedCells, retireWriter } from '../../../src/lib/shared-cells.ts';

test('a total is the sum of all writers, and a retired one takes its shares with it', () => {
  const cells = createSharedCells(2, 3);
  addToCell(cells, 0, 0, 2);
  addToCell(cells, 0, 1, 5);
  addToCell(cells, 2, 1, 1);
  assert.deepEqual([...cells.totals], [7, 0, 1]);
  retireWriter(cells, 1);
  assert.deepEqual([...cells.totals], [2, 0, 0]);
  addToCell(cells, 0, 1, 1);
  assert.equal(cells.totals[0], 3, 'its successor counts from 0');
});

test('a clone counts in the same memory', () => {
  const cells = createSharedCells(1, 1);
  const clone = structuredClone(cells);
  addToCell(clone, 0, 0, 4);
  clone.marks[0] = 1.5;
  assert.deepEqual([cells.totals[0], cells.marks[0]], [4, 1.5]);
});
