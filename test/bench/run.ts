// Runs one benchmark suite: `npm run bench -- <suite> [arguments]`. A suite is a file beside this one that exports
// `run(args)`; without a name all suites are listed. Figures are for reading, never a condition of a test run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { optionHelp } from './shared/options.ts';

type Suite = { run(args: readonly string[]): Promise<void> };

const [name, ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);
if (name === undefined || !suiteNames().includes(name) || !existsSync(file)) {
  process.stdout.write(`Usage: npm run bench -- <suite> [arguments]\n\n${listSuites()}\n\n${optionHelp}\n`);
  process.exitCode = name === undefined ? 0 : 1;
} else {
  const suite = (await import(pathToFileURL(file).href)) as Suite;
  await suite.run(args);
}

function suiteNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((entry) => entry.endsWith('.ts') && entry !== basename(import.meta.filename))
    .map((entry) => entry.slice(0, -'.ts'.length))
    .sort();
}

/** Each suite with the first line of its header comment. */
function listSuites(): string {
  return suiteNames()
    .map((suite) => {
      const [header = ''] = readFileSync(join(import.meta.dirname, `${suite}.ts`), 'utf8').split('\n');
      return `  ${suite.padEnd(14)}${header.replace(/^\/\/\s*/, '')}`;
    })
    .join('\n');
}
