// docs/providers.md: every configuration in it declares what it says, without a fault.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDocumentDeclarer } from '../../src/control-plane/providers/documents/create-document-declarer.ts';
import { emptyDynamicConfig } from '../../src/model/dynamic-config.ts';
import { resolve } from '../../src/rules/resolve/resolve.ts';
import { readDocuments } from './markdown.ts';

const page =
  readDocuments().find(({ path }) => path === 'docs/providers.md') ?? assert.fail('It is missing.');
const formats = { yaml: 'yaml', json: 'yaml', toml: 'toml' } as const;

const examples = page.blocks.flatMap(({ place, text, language }) => {
  const format = formats[language as keyof typeof formats];
  return format === undefined ? [] : [{ place, text, format }];
});

test('there are examples in all formats', () => {
  assert.deepEqual(new Set(examples.map(({ format }) => format)).size, 2);
});

for (const { place, text, format } of examples) {
  test(`the example at ${place} has no fault`, () => {
    const declared = createDocumentDeclarer(
      'file',
      0,
    )(new Map([[place, { text, format, isTemplate: true }]]));
    const config = resolve({
      providers: [declared],
      entryPoints: ['web', 'postgres'].map((name) => ({ name, asDefault: false })),
      defaultRuleSyntax: 'v3',
      previous: emptyDynamicConfig,
    });
    assert.deepEqual(config.diagnostics, []);
    assert.ok(config.routers.size + config.middlewares.size > 0);
  });
}
