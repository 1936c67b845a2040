// How files are followed: editors that replace them, links as Kubernetes makes them, what is broken or gone for a while.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFileProvider } from '../../../../../src/control-plane/providers/file/create-file-provider.ts';
import type { ProviderConfig } from '../../../../../src/model/provider-config.ts';
import type { FileProvider } from '../../../../../src/model/startup.ts';
import type { ProviderState } from '../../../../../src/model/view.ts';
import { until } from '../../../../support/until.ts';

const routers = (...names: readonly string[]) =>
  `http:\n  routers:\n${names.map((name) => `    ${name}: {rule: "Path(\`/${name}\`)", service: s}\n`).join('')}`;

function follow(toOptions: (home: string) => Partial<FileProvider>, prepare: (home: string) => void) {
  const home = mkdtempSync(join(tmpdir(), 'berth-files-'));
  const configs: ProviderConfig[] = [];
  const states: ProviderState[] = [];
  prepare(home);
  const provider = createFileProvider({
    options: { filename: '', directory: '', watch: true, ...toOptions(home) },
    log: { info: () => {}, warn: () => {} },
    onConfig: (config) => configs.push(config),
    onState: (state) => states.push(state),
    // No look without a notice: what is tested is that changes are noticed.
    times: { quietMs: 5, pollMs: 3_600_000, retryMs: 20 },
  });
  provider.start();
  return {
    home,
    configs,
    states,
    declares: (...names: readonly string[]) =>
      until(`the routers are ${names.join()}`, () => {
        return configs.length > 0 && [...(configs.at(-1)?.routers.keys() ?? [])].join() === names.join();
      }),
    async [Symbol.asyncDispose]() {
      await provider.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** As editors do it: the new file is written beside the old one and takes its name. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

const single = (home: string) => ({ filename: join(home, 'dyn.yaml') });
const all = (home: string) => ({ directory: home });

test('a file that is replaced, written over, or gone for a while', async () => {
  await using followed = follow(single, (home) => writeFileSync(join(home, 'dyn.yaml'), routers('a')));
  const path = join(followed.home, 'dyn.yaml');
  await followed.declares('a');
  replace(path, routers('b'));
  await followed.declares('b');
  replace(path, routers('c'));
  await followed.declares('c');
  writeFileSync(path, routers('d'));
  await followed.declares('d');
  unlinkSync(path);
  await until('it is missed', () => followed.states.at(-1)?.state === 'down');
  assert.match(followed.states.at(-1)?.message ?? '', /^There is no .*dyn\.yaml\./);
  await until(
    'the loss is a diagnostic',
    () => followed.configs.at(-1)?.diagnostics[0]?.code === 'provider-down',
  );
  assert.deepEqual([...(followed.configs.at(-1)?.routers.keys() ?? [])], ['d']);
  writeFileSync(path, routers('e'));
  await followed.declares('e');
  assert.equal(followed.states.at(-1)?.state, 'up');
});

test('links as Kubernetes makes them are followed when they are swapped', async () => {
  const version = (home: string, name: string, text: string) => {
    mkdirSync(join(home, name));
    writeFileSync(join(home, name, 'dyn.yaml'), text);
    symlinkSync(name, join(home, '..data_tmp'));
    renameSync(join(home, '..data_tmp'), join(home, '..data'));
  };
  await using followed = follow(all, (home) => {
    version(home, '..2026_01', routers('a'));
    symlinkSync(join('..data', 'dyn.yaml'), join(home, 'dyn.yaml'));
  });
  await followed.declares('a');
  assert.deepEqual(followed.configs.at(-1)?.diagnostics, []);
  version(followed.home, '..2026_02', routers('b'));
  rmSync(join(followed.home, '..2026_01'), { recursive: true });
  await followed.declares('b');
  writeFileSync(join(followed.home, '..2026_02', 'dyn.yaml'), routers('c'));
  await followed.declares('c');
});

test('a file elsewhere, to which a link leads, is followed', async () => {
  await using followed = follow(all, (home) => {
    mkdirSync(join(home, '..elsewhere'));
    writeFileSync(join(home, '..elsewhere', 'real.yaml'), routers('a'));
    symlinkSync(join(home, '..elsewhere', 'real.yaml'), join(home, 'dyn.yaml'));
  });
  await followed.declares('a');
  writeFileSync(join(followed.home, '..elsewhere', 'real.yaml'), routers('b'));
  await followed.declares('b');
});

test('sub-directories are read too, also new ones; other files are not', async () => {
  await using followed = follow(all, (home) => {
    writeFileSync(join(home, 'a.toml'), '[http.routers.a]\nrule = "Path(`/a`)"\n');
    writeFileSync(join(home, 'notes.txt'), 'no configuration');
    writeFileSync(join(home, 'a.yaml~'), routers('old'));
  });
  await followed.declares('a');
  mkdirSync(join(followed.home, 'more'));
  writeFileSync(join(followed.home, 'more', 'b.yml'), routers('b'));
  await followed.declares('a', 'b');
  writeFileSync(join(followed.home, 'more', 'b.yml'), routers('c'));
  await followed.declares('a', 'c');
});

test('a half-written file changes nothing but the diagnostics; the others go on', async () => {
  await using followed = follow(all, (home) => {
    writeFileSync(join(home, 'a.yaml'), routers('a'));
    writeFileSync(join(home, 'b.yaml'), routers('b'));
  });
  await followed.declares('a', 'b');
  writeFileSync(join(followed.home, 'a.yaml'), 'http:\n  routers:\n    a: {rule: "Path(`/a');
  await until('it is told', () => followed.configs.at(-1)?.diagnostics[0]?.code === 'syntax');
  const [fault] = followed.configs.at(-1)?.diagnostics ?? [];
  assert.deepEqual([fault?.place?.file, fault?.place?.line], [join(followed.home, 'a.yaml'), 3]);
  assert.deepEqual([...(followed.configs.at(-1)?.routers.keys() ?? [])], ['a', 'b']);
  writeFileSync(join(followed.home, 'b.yaml'), routers('c'));
  await followed.declares('a', 'c');
  writeFileSync(join(followed.home, 'a.yaml'), routers('d'));
  await followed.declares('c', 'd');
  assert.deepEqual(followed.configs.at(-1)?.diagnostics, []);
});

test('a file that cannot be read stays in use, with the reason', async () => {
  await using followed = follow(all, (home) => {
    writeFileSync(join(home, 'a.yaml'), routers('a'));
  });
  await followed.declares('a');
  // A directory under the file's name cannot be read as a file, whoever runs the test.
  rmSync(join(followed.home, 'a.yaml'));
  mkdirSync(join(followed.home, '..real'));
  symlinkSync('..real', join(followed.home, 'a.yaml'));
  await until('it is told', () => followed.configs.at(-1)?.diagnostics.some(({ code }) => code === 'syntax'));
  assert.deepEqual([...(followed.configs.at(-1)?.routers.keys() ?? [])], ['a']);
});

test('without watch it is read once', async () => {
  await using followed = follow(
    (home) => ({ ...single(home), watch: false }),
    (home) => writeFileSync(join(home, 'dyn.yaml'), routers('a')),
  );
  await followed.declares('a');
  writeFileSync(join(followed.home, 'dyn.yaml'), routers('b'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(followed.configs.length, 1);
});

test('a file that is emptied is believed at the second look: it may be about to be written', async () => {
  await using followed = follow(single, (home) => writeFileSync(join(home, 'dyn.yaml'), routers('a')));
  await followed.declares('a');
  writeFileSync(join(followed.home, 'dyn.yaml'), '');
  await followed.declares();
});
