// Which files the provider reads, and in which directories a change of them can be noticed.
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatOf } from '../../../lib/text-tree/parse-text-tree.ts';
import type { FileProvider } from '../../../model/startup.ts';

/** Paths as their user knows them. */
export type FoundFiles = {
  readonly files: readonly string[];
  readonly directories: ReadonlySet<string>;
};

/** Rejects when a directory cannot be read. Sub-directories are read too, as in Traefik. */
export async function findFiles({ filename, directory }: FileProvider): Promise<FoundFiles> {
  const directories = new Set<string>();
  const files: string[] = [];
  if (directory === '') {
    directories.add(dirname(filename));
    files.push(filename);
  } else await walk(directory, files, directories);
  // What a symbolic link leads to changes elsewhere.
  for (const file of files) {
    const target = await realpath(file).catch(() => file);
    directories.add(dirname(target));
  }
  return { files, directories };
}

async function walk(directory: string, files: string[], directories: Set<string>): Promise<void> {
  directories.add(directory);
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    // Kubernetes keeps the files behind its links in directories such as `..2024_05_01`.
    if (entry.isDirectory() && !entry.name.startsWith('..')) await walk(path, files, directories);
    else if (!entry.isDirectory() && formatOf(entry.name) !== undefined) files.push(path);
  }
}
