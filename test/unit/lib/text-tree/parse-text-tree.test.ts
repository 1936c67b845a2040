import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatOf, parseTextTree, type TextFormat } from '../../../../src/lib/text-tree/parse-text-tree.ts';

function marksOf(text: string, format: TextFormat): readonly string[] {
  const tree = parseTextTree(text, format);
  if (!tree.ok) assert.fail(tree.message);
  return tree.marks.map(({ path, line, column }) => `${path.join('.')} ${line}:${column}`);
}

describe('parseTextTree', () => {
  it('gives the values of YAML and the places of its keys', () => {
    const text = 'http:\n  services:\n    a:\n      servers:\n        - url: x\n          weight: 2\n';
    const tree = parseTextTree(text, 'yaml');
    assert.deepEqual(tree.ok && tree.value, {
      http: { services: { a: { servers: [{ url: 'x', weight: 2 }] } } },
    });
    assert.deepEqual(marksOf(text, 'yaml'), [
      'http 1:1',
      'http.services 2:3',
      'http.services.a 3:5',
      'http.services.a.servers 4:7',
      'http.services.a.servers[0] 5:11',
      'http.services.a.servers[0].url 5:11',
      'http.services.a.servers[0].weight 6:11',
    ]);
  });

  it('reads JSON as YAML, also with tabs', () => {
    assert.deepEqual(marksOf('{\n\t"http": {\n\t\t"routers": {}\n\t}\n}\n', 'yaml'), [
      'http 2:2',
      'http.routers 3:3',
    ]);
  });

  it('gives the values of TOML and the places of its keys', () => {
    const text = [
      '# comment [not.a.table]',
      '[http.services."a.b".loadBalancer]',
      '  strategy = "p2c" # [no]',
      '  text = """',
      'fake = 1',
      '"""',
      '  list = [',
      '    "]",',
      '  ]',
      '[[http.services."a.b".loadBalancer.servers]]',
      'url = "http://one"',
      '[[http.services."a.b".loadBalancer.servers]]',
      "url = 'http://two'",
      '[http.services."a.b".loadBalancer.servers.deep]',
      'dotted.key = {inline = 1}',
      '',
    ].join('\n');
    const lb = 'http.services.a.b.loadBalancer';
    assert.deepEqual(marksOf(text, 'toml'), [
      `${lb} 2:1`,
      `${lb}.strategy 3:3`,
      `${lb}.text 4:3`,
      `${lb}.list 7:3`,
      `${lb}.servers[0] 10:1`,
      `${lb}.servers[0].url 11:1`,
      `${lb}.servers[1] 12:1`,
      `${lb}.servers[1].url 13:1`,
      `${lb}.servers[1].deep 14:1`,
      `${lb}.servers[1].deep.dotted.key 15:1`,
    ]);
  });

  const broken: readonly [name: string, format: TextFormat, text: string, line: number][] = [
    ['half-written YAML', 'yaml', 'http:\n  routers: {a: {rule: "x', 2],
    ['YAML with a key twice', 'yaml', 'a: 1\nb: 1\na: 2\n', 3],
    ['two documents', 'yaml', 'a: 1\n---\nb: 1\n', 2],
    ['half-written TOML', 'toml', '[http]\na = \n', 2],
    ['half-written JSON', 'yaml', '{"http": {\n"a": 1', 2],
  ];
  for (const [name, format, text, line] of broken) {
    it(`tells the line of the fault: ${name}`, () => {
      const tree = parseTextTree(text, format);
      assert.ok(!tree.ok);
      assert.equal(tree.line, line, tree.message);
      assert.match(tree.message, /^[A-Z].*\.$/);
    });
  }

  it('refuses an alias bomb', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let depth = 1; depth < 9; depth++) {
      lines.push(
        `a${depth}: &a${depth} [${Array(10)
          .fill(`*a${depth - 1}`)
          .join(', ')}]`,
      );
    }
    assert.equal(parseTextTree(lines.join('\n'), 'yaml').ok, false);
  });

  it('takes an empty text for an empty table, and merge keys', () => {
    assert.deepEqual(parseTextTree('# nothing\n', 'yaml'), { ok: true, value: {}, marks: [] });
    const merged = parseTextTree('a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n', 'yaml');
    assert.deepEqual(merged.ok && merged.value, { a: { x: 1 }, b: { x: 1, y: 2 } });
  });
});

it('the format is told by the ending of the name', () => {
  assert.deepEqual(['a.YAML', 'a.yml', 'a.json', 'a.toml', 'a.yaml~', 'a'].map(formatOf), [
    'yaml',
    'yaml',
    'yaml',
    'toml',
    undefined,
    undefined,
  ]);
});
