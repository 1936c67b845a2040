// docs/compatibility.md says of every option of the schemas that is not there yet that it is not, and of every kind of
// middleware whether it is: a feature that comes has to be moved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldNode } from '../../src/lib/field-tree.ts';
import { middlewareKindsNotYet, middlewareSchemas } from '../../src/model/middlewares/catalog.ts';
import { labelFields } from '../../src/rules/labels/label-schema.ts';
import { startupFields } from '../../src/rules/startup/option-tree.ts';
import { type Row, readDocuments, tableRows } from './markdown.ts';

const rows = tableRows(
  readDocuments().find(({ path }) => path === 'docs/compatibility.md') ?? assert.fail('The page is missing.'),
).filter(({ feature }) => feature !== 'Traefik');

const statuses = ['same', 'differs', 'more', 'not yet'];

test('every row has one of the four answers, and a difference has its reason', () => {
  assert.ok(rows.length > 80);
  for (const { feature, status, note } of rows) {
    assert.ok(statuses.includes(status), `${feature}: ${status}`);
    if (status === 'differs') assert.notEqual(note, '', feature);
  }
});

const words = ({ feature, note }: Row): ReadonlySet<string> =>
  new Set(`${feature} ${note}`.toLowerCase().match(/[a-z0-9]+/g));

const notYetRows = rows.filter(({ status, note }) => status === 'not yet' || /not yet/.test(note)).map(words);

test('every option that is not there yet is named', () => {
  const missing = [...notYetPaths(startupFields), ...notYetPaths(labelFields)].filter((path) => {
    const name = path.at(-1)?.toLowerCase() ?? '';
    return !notYetRows.some((row) => row.has(name));
  });
  assert.deepEqual(
    missing.map((path) => path.join('.')),
    [],
  );
});

test('every kind of middleware is in the row where it belongs', () => {
  const rowOf = (kind: string): string | undefined =>
    rows.find(({ feature }) => feature.split(/[^\w]+/).includes(kind))?.status;
  for (const kind of Object.keys(middlewareSchemas))
    assert.match(rowOf(kind) ?? '', /^(?:same|differs)$/, kind);
  for (const kind of middlewareKindsNotYet) assert.equal(rowOf(kind), 'not yet', kind);
});

/** The paths of all options that Traefik has and Berth has not yet; what stands below such a section is not listed. */
function* notYetPaths(node: FieldNode, path: readonly string[] = []): Generator<readonly string[]> {
  if (node.info.notYet === true) {
    yield path;
    return;
  }
  for (const field of node.fields.values()) yield* notYetPaths(field, [...path, field.name]);
  // A section of user-chosen names: what is missing is the section, not one name.
  if (node.entry?.info.notYet === true) yield path.slice(0, 1);
  else if (node.entry !== undefined) yield* notYetPaths(node.entry, path);
}
