import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { diffTables, SortedTable, sortedTable, withChanges } from '../../../src/lib/sorted-table.ts';

const numbered = (count: number): [string, { at: number }][] =>
  Array.from({ length: count }, (_, at) => [`key-${String(at).padStart(6, '0')}`, { at }]);

const key = fc.oneof(fc.constantFrom('', 'a', 'b', '__proto__', 'constructor', '\u{1F600}'), fc.string());
const value = fc.integer({ min: 0, max: 2 });
const change = fc.tuple(key, fc.option(value, { nil: undefined }));

describe('SortedTable', () => {
  it('does what a Map does, in the order of the keys, whatever the changes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 200 }), { maxLength: 6 }), (steps) => {
        const model = new Map<string, number>();
        let table = sortedTable<number>();
        for (const step of steps) {
          table = withChanges(table, step);
          for (const [name, number] of step) {
            if (number === undefined) model.delete(name);
            else model.set(name, number);
          }
          const expected = [...model].sort(([one], [other]) => (one < other ? -1 : 1));
          assert.deepEqual([...table], expected);
          assert.deepEqual(
            [...table.keys()],
            expected.map(([name]) => name),
          );
          assert.deepEqual(
            [...table.values()],
            expected.map(([, number]) => number),
          );
          assert.equal(table.size, model.size);
          for (const [name] of step) {
            assert.equal(table.get(name), model.get(name));
            assert.equal(table.has(name), model.has(name));
            assert.equal(table.nextKey(name), expected.find(([other]) => other >= name)?.[0]);
          }
        }
      }),
    );
  });

  it('grows and shrinks by thousands, one by one, with chunks of a fair size', () => {
    const entries = numbered(3_000);
    let table = sortedTable<{ at: number }>();
    for (const [name, one] of entries.toReversed()) table = withChanges(table, [[name, one]]);
    assert.deepEqual([...table], entries);
    assert.ok(table.chunks.length < 70, `${table.chunks.length} chunks`);
    for (const [name, { at }] of entries) if (at % 100 !== 0) table = withChanges(table, [[name, undefined]]);
    assert.deepEqual(
      [...table.values()],
      entries.map(([, one]) => one).filter(({ at }) => at % 100 === 0),
    );
    assert.ok(table.chunks.length <= 3, `${table.chunks.length} chunks`);
    assert.equal(
      withChanges(
        table,
        [...table.keys()].map((name) => [name, undefined] as const),
      ).size,
      0,
    );
  });

  it('leaves the old table as it was and shares what did not change', () => {
    const entries = numbered(1_000);
    const before = sortedTable(entries);
    const after = withChanges(before, [['key-000500', { at: -1 }]]);
    assert.deepEqual([...before], entries);
    assert.equal(after.get('key-000500')?.at, -1);
    const shared = after.chunks.filter((chunk) => before.chunks.includes(chunk));
    assert.equal(shared.length, before.chunks.length - 1);
  });

  it('is the same table when nothing changes', () => {
    const entries = numbered(300);
    const table = sortedTable(entries);
    assert.equal(withChanges(table, []), table);
    assert.equal(withChanges(table, [...entries, ['absent', undefined]]), table);
  });

  it('is made of a Map, and visits like one', () => {
    const table = withChanges(
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
      [['c', 3]],
    );
    assert.ok(table instanceof SortedTable);
    const seen: [string, number][] = [];
    table.forEach((number, name) => {
      seen.push([name, number]);
    });
    assert.deepEqual(seen, [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });
});

describe('diffTables', () => {
  it('finds what a Map-wise comparison finds, for tables that share chunks and for others', () => {
    const changes = fc.array(change, { maxLength: 150 });
    fc.assert(
      fc.property(changes, changes, fc.boolean(), fc.boolean(), (first, second, share, plain) => {
        const before = withChanges(new Map<string, number>(), first);
        const after = withChanges(share ? before : new Map<string, number>(), second);
        const previous = plain ? new Map(before) : before;
        const { set, removed } = diffTables(previous, after);
        assert.deepEqual(
          set,
          [...after].filter(([name, number]) => before.get(name) !== number),
        );
        assert.deepEqual(
          removed,
          [...before.keys()].filter((name) => !after.has(name)),
        );
      }),
    );
  });

  it('looks at no more than the chunks that differ', () => {
    const before = sortedTable(numbered(10_000));
    const after = withChanges(before, [
      ['key-005000', undefined],
      ['key-007000', { at: -1 }],
      ['new', { at: -2 }],
    ]);
    // A shared chunk that is read would throw.
    for (const chunk of before.chunks) {
      if (!after.chunks.includes(chunk)) continue;
      for (const part of ['keys', 'values'] as const) {
        const { length } = chunk.keys;
        Object.defineProperty(chunk, part, {
          value: new Proxy([], {
            get: (_, name) => (name === 'length' ? length : assert.fail(`${part} were read`)),
          }),
        });
      }
    }
    const { set, removed } = diffTables(before, after);
    assert.deepEqual(
      set.map(([name, { at }]) => [name, at]),
      [
        ['key-007000', -1],
        ['new', -2],
      ],
    );
    assert.deepEqual(removed, ['key-005000']);
  });
});
