import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fieldOf,
  joinedFieldOf,
  listMembers,
  removeField,
  setField,
} from '../../../src/lib/header-fields.ts';

test('fields are found whatever their spelling, the first one first', () => {
  const fields = ['X-A', '1', 'x-b', '2', 'X-a', '3'];
  assert.equal(fieldOf(fields, 'x-a'), '1');
  assert.equal(joinedFieldOf(fields, 'x-a'), '1, 3');
  assert.equal(fieldOf(fields, 'x-c'), undefined);
  assert.equal(joinedFieldOf(fields, 'x-c'), undefined);
  assert.equal(fieldOf(['a', 'x-a', 'x-a', '1'], 'x-a'), '1', 'a value is no name');
});

test('setting replaces every field of the name, removing keeps the order of the others', () => {
  const fields = ['X-A', '1', 'x-b', '2', 'X-a', '3', 'x-c', '4'];
  setField(fields, 'X-A', 'new');
  assert.deepEqual(fields, ['x-b', '2', 'x-c', '4', 'X-A', 'new']);
  removeField(fields, 'x-c');
  assert.deepEqual(fields, ['x-b', '2', 'X-A', 'new']);
  removeField(fields, 'nothing');
  assert.equal(fields.length, 4);
});

test('members of a list are trimmed, in lower case, and never empty', () => {
  assert.deepEqual(listMembers(' close ,, X-A,'), ['close', 'x-a']);
});
