// Holds the code to the two tables of docs/architecture.md, and forbids import cycles. The message of a failure says
// what would be allowed.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const sources = globSync('src/**/*.ts', { cwd: root }).sort();
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

type Room = { readonly level: number; readonly allowed: readonly string[] };

const rooms = new Map<string, Room>(
  rowsUnder('| level | room |').map(([level, room, allowed]) => [
    words(room)[0] ?? '',
    { level: Number(level), allowed: allowed === 'every room' ? ['*'] : words(allowed) },
  ]),
);
const packageRooms = new Map(
  rowsUnder('| package | rooms |').map(([name, list]) => [words(name)[0] ?? '', words(list)]),
);
const environmentRooms = ['main', 'command', 'container'];
const pureRooms = ['lib', 'model', 'rules'];

test('every source file stands in a room of the table', () => {
  assert.ok(sources.length > 50, 'the sources were found');
  assert.deepEqual(
    sources.filter((file) => roomOf(file) === undefined),
    [],
  );
});

test('every room of the table exists', () => {
  const inhabited = new Set(sources.map(roomOf));
  assert.deepEqual(
    [...rooms.keys()].filter((room) => !inhabited.has(room)),
    [],
  );
});

test('a room is only allowed to import rooms below it', () => {
  for (const [name, { level, allowed }] of rooms) {
    for (const other of allowed.filter((word) => word !== '*')) {
      const target = rooms.get(other);
      assert.ok(target, `${name}: ${other} is not a room`);
      assert.ok(target.level < level, `${name} (${level}) may not import ${other} (${target.level})`);
    }
  }
});

test('rooms import only what the table allows', () => {
  const faults: string[] = [];
  for (const [file, targets] of imports) {
    const from = roomOf(file) ?? '';
    for (const target of targets.filter((name) => name.startsWith('src/'))) {
      const to = roomOf(target) ?? '';
      if (!mayImport(from, to)) {
        const allowed = ['lib', 'model', ...(rooms.get(from)?.allowed ?? [])].filter((room) =>
          mayImport(from, room),
        );
        faults.push(`${file} imports ${target}; ${from} may import: ${allowed.join(', ') || 'nothing'}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

test('packages are used in their rooms only', () => {
  const faults: string[] = [];
  for (const [file, targets] of imports) {
    const room = roomOf(file) ?? '';
    for (const target of targets.filter((name) => !name.startsWith('src/'))) {
      const allowed = packageRooms.get(packageName(target));
      const pure = pureRooms.some((name) => room === name || room.startsWith(`${name}/`));
      const fine = allowed?.includes(room) ?? (target.startsWith('node:') && !pure);
      if (!fine)
        faults.push(
          `${file} imports ${target}; allowed in: ${allowed?.join(', ') ?? (pure ? 'no pure room' : 'no room')}`,
        );
    }
    if (!environmentRooms.includes(room) && /process\.env\b/.test(readFileSync(join(root, file), 'utf8'))) {
      faults.push(`${file} reads process.env; allowed in: ${environmentRooms.join(', ')}`);
    }
  }
  assert.deepEqual(faults, []);
});

test('every package of the table is used in each of its rooms', () => {
  const used = new Set(
    [...imports].flatMap(([file, targets]) =>
      targets.map((name) => `${packageName(name)} in ${roomOf(file)}`),
    ),
  );
  const listed = [...packageRooms].flatMap(([name, list]) => list.map((room) => `${name} in ${room}`));
  assert.deepEqual(
    listed.filter((row) => !used.has(row)),
    [],
  );
});

test('there is no import cycle', () => {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return;
    assert.notEqual(
      state.get(file),
      'open',
      `cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`,
    );
    state.set(file, 'open');
    path.push(file);
    for (const target of imports.get(file) ?? []) if (imports.has(target)) visit(target);
    path.pop();
    state.set(file, 'done');
  };
  for (const file of sources) visit(file);
});

test('no source file is longer than 400 lines', () => {
  const all = [...sources, ...globSync('ui/src/**/*.{ts,tsx}', { cwd: root })];
  const long = all.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401);
  assert.deepEqual(long, []);
});

test('the dashboard imports types only, and only from src/model/view.ts', () => {
  const faults: string[] = [];
  for (const file of globSync('ui/src/**/*.{ts,tsx}', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [statement, clause, specifier] of text.matchAll(/^(import|export)[^;]*?from\s+'([^']+)'/gms)) {
      const target = relative(root, join(root, dirname(file), specifier ?? ''));
      if (!specifier?.startsWith('.') || !target.startsWith('src/')) continue;
      if (target !== 'src/model/view.ts' || !/^(import|export)\s+type\b/.test(statement)) {
        faults.push(`${file}: ${clause} ${specifier}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const allowed = rooms.get(from)?.allowed ?? [];
  if (allowed.includes('*') || allowed.includes(to)) return true;
  if (to === 'lib') return from !== 'lib';
  return to === 'model' && from !== 'lib';
}

/** The longest room whose path the file stands under: src/data-plane/lanes/fastify/x.ts → data-plane/lanes. */
function roomOf(file: string): string | undefined {
  const inner = file.replace(/^src\//, '').replace(/\.ts$/, '');
  return [...rooms.keys()]
    .filter((room) => inner === room || inner.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const patterns = [
    /^\s*(?:import|export)\b[^;'"]*?\bfrom\s+['"]([^'"]+)['"]/gm,
    /^\s*import\s+['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]/g,
    /new URL\(\s*['"]([^'"]+\.ts)['"]/g,
  ];
  return patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(([, specifier = '']) =>
      specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier,
    );
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function rowsUnder(heading: string): readonly (readonly [string, string, string])[] {
  const lines = page.slice(page.indexOf(heading)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) => {
    const [first = '', second = '', third = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return [first, second, third] as const;
  });
}

function words(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}
