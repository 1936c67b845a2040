import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTemplate, type TemplatePart } from '../../../src/lib/expand-template.ts';

const names = new Map([
  ['name', 2],
  ['1x', 3],
]);

const cases: readonly (readonly [template: string, ...parts: TemplatePart[]])[] = [
  ['plain', { literal: 'plain' }],
  ['', ...[]],
  ['a$1b', { literal: 'a' }],
  ['a${1}b', { literal: 'a' }, { group: 1 }, { literal: 'b' }],
  ['$1/$2', { group: 1 }, { literal: '/' }, { group: 2 }],
  ['$name', { group: 2 }],
  ['${name}s', { group: 2 }, { literal: 's' }],
  ['$1x', { group: 3 }],
  ['$0', { group: 0 }],
  ['$$1', { literal: '$1' }],
  ['$9-$other', { literal: '-' }],
  ['$01', ...[]],
  ['cost: $', { literal: 'cost: $' }],
  ['${1', { literal: '${1' }],
  ['${}', { literal: '${}' }],
  ['$-', { literal: '$-' }],
];

for (const [template, ...parts] of cases) {
  test(`${JSON.stringify(template)} means what it means to Go`, () => {
    assert.deepEqual(
      parseTemplate(template, 3, (name) => names.get(name)),
      parts,
    );
  });
}
