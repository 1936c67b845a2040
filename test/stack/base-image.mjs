// The base image node:26-slim. Where no image registry answers, a stand-in is made here under the same tag, from the
// pinned Node, the libraries that it needs, busybox and npm, so that the same Dockerfiles are what is tested.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { has, installDebian } from './debian.mjs';
import { pinnedNode, root } from './packages.mjs';
import { capture, run, Stop, say } from './say.mjs';

export const baseImage = 'node:26-slim';

/** A registry that has said nothing by then is taken for unreachable. */
const silenceLimitMs = 20_000;
/** The stand-in says here by which recipe it was made. Not `berth.*`: containers inherit it, and Berth reads those. */
const standInLabel = 'stand-in.recipe';
/** Names as the image's own shell finds them; npm's scripts are started by /bin/sh. */
const passwd = 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000:node:/home/node:/bin/sh\n';
const group = 'root:x:0:\nnode:x:1000:\n';

/** Makes sure that node:26-slim is there: present, pulled, or made. A stand-in of an older recipe is made again. */
export async function ensureBaseImage() {
  const format = `{{index .Config.Labels "${standInLabel}"}}`;
  const label = capture('docker', ['image', 'inspect', '--format', format, baseImage]);
  // A real image has no such label, which Docker shows as an empty word.
  if (label !== undefined && (label === '' || label === recipe())) return;
  if (label === undefined) {
    say(`• fetching the base image ${baseImage}`);
    if (await pull()) return;
  }
  say(`• no image registry answers: making a stand-in for ${baseImage} from the pinned Node`);
  if (!has('busybox') || !isStatic(which('busybox')))
    installDebian(['busybox-static'], 'for the stand-in base image');
  makeBaseImage();
}

/** Changes with the pinned Node and with this file. */
const recipe = () =>
  createHash('sha256')
    .update(readFileSync(new URL(import.meta.url)))
    .update(capture(pinnedNode, ['--version']) ?? '')
    .digest('hex')
    .slice(0, 12);

function pull() {
  return new Promise((resolve) => {
    const child = spawn('docker', ['pull', baseImage], { stdio: ['ignore', 'pipe', 'ignore'] });
    const timer = setTimeout(() => child.kill(), silenceLimitMs);
    child.stdout.on('data', () => clearTimeout(timer));
    child.once('error', () => resolve(false));
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve(status === 0);
    });
  });
}

function makeBaseImage() {
  const folder = mkdtempSync(join(tmpdir(), 'berth-base-'));
  try {
    for (const name of [
      'bin',
      'etc/ssl/certs',
      'home/node',
      'lib',
      'root',
      'usr/bin',
      'usr/local/bin',
      'usr/local/lib/node_modules',
      'proc',
      'sys',
      'dev',
    ]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    mkdirSync(join(folder, 'tmp'));
    run('chmod', ['1777', join(folder, 'tmp')]);
    run('chown', ['1000:1000', join(folder, 'home/node')]);
    const node = realpathSync(join(root, 'node_modules/node/bin/node'));
    cpSync(node, join(folder, 'usr/local/bin/node'));
    for (const library of librariesOf(node)) {
      mkdirSync(join(folder, dirname(library)), { recursive: true });
      cpSync(realpathSync(library), join(folder, library));
    }
    cpSync(which('busybox'), join(folder, 'bin/busybox'));
    for (const applet of capture(which('busybox'), ['--list'])?.split('\n') ?? []) {
      if (applet !== 'busybox') symlinkSync('/bin/busybox', join(folder, 'bin', applet));
    }
    symlinkSync('/bin/env', join(folder, 'usr/bin/env'));
    copyNpm(folder);
    writeFileSync(join(folder, 'etc/passwd'), passwd);
    writeFileSync(join(folder, 'etc/group'), group);
    const certificates = '/etc/ssl/certs/ca-certificates.crt';
    if (existsSync(certificates)) cpSync(realpathSync(certificates), join(folder, certificates));
    const environment = [
      'PATH=/usr/local/bin:/usr/bin:/bin',
      `NODE_EXTRA_CA_CERTS=${certificates}`,
      `NPM_CONFIG_CAFILE=${certificates}`,
    ];
    const changes = [
      ...environment.map((pair) => `ENV ${pair}`),
      `LABEL ${standInLabel}=${recipe()}`,
      'CMD ["node"]',
    ].flatMap((line) => ['-c', line]);
    const script = `tar -C "$0" -c . | docker import "$@" - ${baseImage}`;
    run('sh', ['-c', script, folder, ...changes], { stdio: ['ignore', 'ignore', 2] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** npm as this machine has it, with the two commands that scripts call. */
function copyNpm(folder) {
  // npm's own `npm root --global` answers for the Node that runs it, which may be the pinned one.
  const npm = dirname(dirname(realpathSync(which('npm'))));
  if (!existsSync(join(npm, 'bin/npm-cli.js')))
    throw new Stop(`npm's own folder was looked for in ${npm}, and it is not there.`);
  cpSync(npm, join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const [name, script] of Object.entries({ npm: 'npm-cli.js', npx: 'npx-cli.js' })) {
    symlinkSync(`../lib/node_modules/npm/bin/${script}`, join(folder, 'usr/local/bin', name));
  }
}

/** The rest of glibc, which native parts of npm packages load by name, as any real image has it. */
const glibc = ['librt.so.1', 'libresolv.so.2', 'libutil.so.1', 'libnss_dns.so.2', 'libnss_files.so.2'];

/** The shared libraries of a program, the loader included, as `ldd` names them, and the rest of glibc beside them. */
function librariesOf(program) {
  const listed = capture('ldd', [program]) ?? '';
  const libraries = [...listed.matchAll(/(\/[^\s:()]+)\s+\(0x/g)].map(([, path]) => path);
  const home = dirname(libraries.find((path) => path.endsWith('/libc.so.6')) ?? '/lib/libc.so.6');
  return [...libraries, ...glibc.map((name) => join(home, name)).filter((path) => existsSync(path))];
}

const which = (program) => capture('sh', ['-c', `command -v ${program}`]) ?? program;

const isStatic = (program) => capture('ldd', [program]) === undefined;
