// Where commands read and print: the process's own, or a test's.
import { readFileSync } from 'node:fs';

/** The outside world of a command. */
export type Terminal = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of package.json. */
  readonly version: string;
  out(text: string): void;
  err(text: string): void;
  /** The text of a file; undefined when there is none. @throws on any other failure. */
  readFile(path: string): string | undefined;
};

/** The terminal of this process. */
export function createTerminal(environment: Terminal['environment']): Terminal {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return {
    environment,
    version: (JSON.parse(manifest) as { version: string }).version,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    readFile(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
}
