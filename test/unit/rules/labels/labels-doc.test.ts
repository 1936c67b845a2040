import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { renderLabelsDoc } from '../../../support/labels-doc.ts';

test('docs/labels.md is what the schema says: run node test/support/write-labels-doc.ts', () => {
  const page = readFileSync(new URL('../../../../docs/labels.md', import.meta.url), 'utf8');
  assert.equal(page, renderLabelsDoc());
});
