// Every file beside this one is a case: containers, a divider, what they make. UPDATE_GOLDEN=1 writes the second half.
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { divider, renderCase } from '../support/golden-case.ts';

const files = globSync('*.txt', { cwd: import.meta.dirname }).sort();
const isUpdate = process.env.UPDATE_GOLDEN === '1';

describe('labels of containers make the expected configuration', () => {
  it('has cases', () => assert.ok(files.length >= 30));

  for (const file of files) {
    it(file.replace('.txt', '').replaceAll('-', ' '), () => {
      const path = join(import.meta.dirname, file);
      const text = readFileSync(path, 'utf8');
      const rendered = renderCase(text);
      if (isUpdate) writeFileSync(path, rendered);
      else {
        const [, expected = ''] = text.split(divider);
        assert.equal(rendered.split(divider)[1], expected);
      }
    });
  }
});
