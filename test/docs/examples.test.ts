// What the documents tell people to write works: compose files, labels, flags, commands, links.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dispatch } from '../../src/commands/dispatch.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { findOption } from '../../src/rules/startup/option-tree.ts';
import { brokenLinks, type CodeBlock, readDocuments, root, toDocument } from './markdown.ts';

const documents = readDocuments();
const wrongOnPurpose = /^wrong on purpose/;
const file = 'shop/compose.yaml';

/** What `check` prints for a compose file, and its exit status. */
async function check(text: string, ...flags: readonly string[]) {
  const printed = { out: '', err: '' };
  const outcome = await dispatch(['check', file, ...flags], {
    environment: {},
    version: '0',
    out: (line) => {
      printed.out += line;
    },
    err: (line) => {
      printed.err += line;
    },
    readFile: (path) => (path === file ? text : undefined),
  });
  return { ...printed, exitCode: outcome.kind === 'done' ? outcome.exitCode : -1 };
}

const isCompose = ({ language, text }: CodeBlock) => language === 'yaml' && /^services:/m.test(text);

const examples = documents.flatMap(({ blocks }) => blocks).filter(isCompose);

for (const { place, text, comment } of examples) {
  if (wrongOnPurpose.test(comment)) continue;
  test(`the compose file at ${place} has no error, and every label in it is understood`, async () => {
    const { out, err, exitCode } = await check(text, '--json');
    const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Diagnostic[] };
    const doubtful = diagnostics.filter(({ severity, label }) => severity === 'error' || label !== undefined);
    assert.deepEqual(doubtful, []);
    assert.equal(err, '');
    assert.equal(exitCode, 0);
  });
}

for (const { blocks } of documents) {
  for (const [index, block] of blocks.entries()) {
    if (!wrongOnPurpose.test(block.comment)) continue;
    test(`the faulty compose file at ${block.place} gets the answer that stands below it`, async () => {
      const [, url] = /--explain (\S+?);/.exec(block.comment) ?? [];
      const { out, exitCode } = await check(block.text, ...(url === undefined ? [] : [`--explain=${url}`]));
      assert.equal(out.trim(), blocks[index + 1]?.text.trim());
      assert.equal(exitCode, 1);
    });
  }
}

test('there are examples to try', () => {
  const wrong = examples.filter(({ comment }) => wrongOnPurpose.test(comment));
  assert.ok(wrong.length >= 1);
  assert.ok(examples.length - wrong.length >= 2);
});

for (const path of ['compose.yaml', 'docs/compose.gpu.yaml']) {
  test(`${path} has nothing to mend`, async () => {
    const { out, exitCode } = await check(readFileSync(join(root, path), 'utf8'));
    assert.match(out, /Nothing to mend\./);
    assert.equal(exitCode, 0);
  });
}

const npmOwn = new Set(['test', 'start', 'ci', 'install']);

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

test('every npm command that a document names exists', () => {
  const named = documents.flatMap(({ path, text, blocks }) =>
    [...blocks.map((block) => block.text), ...(text.match(/`[^`\n]+`/g) ?? [])]
      .flatMap((code) => [...code.matchAll(/\bnpm (?:(run) )?([a-z][\w:-]*)/g)])
      .map(([, run, name = '']) => ({ path, run, name })),
  );
  assert.ok(named.length > 10);
  for (const { path, run, name } of named) {
    if (run === undefined) assert.ok(npmOwn.has(name), `${path}: npm ${name} is no command of npm`);
    if (run !== undefined || name === 'test' || name === 'start') {
      assert.ok(Object.hasOwn(manifest.scripts, name), `${path}: package.json has no script ${name}`);
    }
  }
});

test('the README names every npm command that people run', () => {
  const readme = documents.find(({ path }) => path === 'README.md')?.text ?? '';
  // npm runs these by itself.
  const own = new Set(['prepare', 'prestart']);
  const unnamed = Object.keys(manifest.scripts).filter(
    (name) => !own.has(name) && !new RegExp(`npm (?:run )?${name}(?![\\w:-])`).test(readme),
  );
  assert.deepEqual(unnamed, []);
});

test('every start-up flag that a document or compose file names exists', () => {
  const files = ['compose.yaml', 'docs/compose.gpu.yaml'].map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
  const named = [...documents, ...files].flatMap(({ path, text }) =>
    [...text.matchAll(/--([a-z]\w*(?:\.[\w<>]+)+)/gi)].map(([, name = '']) => ({ path, name })),
  );
  assert.ok(named.length > 20);
  for (const { path, name } of named) {
    const option = findOption(name.split('.'));
    assert.ok(option !== undefined, `${path}: there is no option --${name}`);
    assert.notEqual(option.notYet, true, `${path}: --${name} is not there yet`);
  }
});

for (const document of documents) {
  test(`the links of ${document.path} lead to files and headings`, () => {
    assert.deepEqual(brokenLinks(document, documents), []);
  });
}

test('a link to a missing file or heading is found', () => {
  const text =
    '# Here\n\n[a](#here) [b](#there) [c](nowhere.md) `[d](nowhere.md)`\n\n```\n[e](nowhere.md)\n```\n';
  const document = toDocument('docs/x.md', text);
  assert.deepEqual(brokenLinks({ ...document, path: 'README.md' }, [{ ...document, path: 'README.md' }]), [
    'README.md: README.md has no heading for #there.',
    'README.md: there is no nowhere.md.',
  ]);
});
