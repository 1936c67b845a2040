// Notices changes in directories: of files, of names (editors write a new file and rename it) and of links.
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Watches a changing set of directories. */
export type DirectoryWatch = {
  /** Watches exactly these from now on; those that cannot be watched are left to the next call. Gives whether one is new. */
  follow(directories: ReadonlySet<string>): Promise<boolean>;
  close(): void;
};

type Watched = { readonly watcher: FSWatcher; readonly identity: string };

/** `onChange` hears of every change; `onTrouble` once of each directory that cannot be watched. */
export function watchDirectories(
  onChange: () => void,
  onTrouble: (directory: string, error: unknown) => void,
): DirectoryWatch {
  const watched = new Map<string, Watched>();
  const troubled = new Set<string>();
  let isClosed = false;

  const drop = (directory: string): void => {
    watched.get(directory)?.watcher.close();
    watched.delete(directory);
  };
  const open = (directory: string, identity: string): boolean => {
    try {
      const watcher = watch(directory, { persistent: false }, onChange);
      watcher.on('error', () => drop(directory));
      watched.set(directory, { watcher, identity });
      troubled.delete(directory);
      return true;
    } catch (error) {
      if (!troubled.has(directory)) onTrouble(directory, error);
      troubled.add(directory);
      return false;
    }
  };

  return {
    async follow(directories) {
      let isNew = false;
      for (const directory of watched.keys()) if (!directories.has(directory)) drop(directory);
      for (const directory of directories) {
        const identity = await identify(directory);
        if (isClosed) return false;
        // A directory that took the place of another one under its name is another one.
        if (watched.get(directory)?.identity === identity) continue;
        drop(directory);
        if (identity !== undefined) isNew = open(directory, identity) || isNew;
      }
      return isNew;
    },
    close() {
      isClosed = true;
      for (const directory of watched.keys()) drop(directory);
    },
  };
}

async function identify(directory: string): Promise<string | undefined> {
  const { dev, ino } = await stat(directory).catch(() => ({ dev: undefined, ino: undefined }));
  return ino === undefined ? undefined : `${dev}:${ino}`;
}
