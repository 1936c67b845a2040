// The file provider: one file, or all files of a directory, followed as they change.
import { readFile } from 'node:fs/promises';
import { formatOf } from '../../../lib/text-tree/parse-text-tree.ts';
import type { ProviderConfig } from '../../../model/provider-config.ts';
import type { FileProvider } from '../../../model/startup.ts';
import { createChangeNotice } from '../change-notice.ts';
import {
  createDocumentDeclarer,
  type Documents,
  type FoundDocument,
} from '../documents/create-document-declarer.ts';
import type { Provider, ProviderIo } from '../provider.ts';
import { createSourceState, type SourceFault } from '../report-state.ts';
import { createEmptiedFiles } from './emptied-files.ts';
import { findFiles } from './find-files.ts';
import { watchDirectories } from './watch-directories.ts';

/** Stands behind the @ of names. */
const providerName = 'file';

/** Lengths of time, in milliseconds. */
export type FileProviderTimes = {
  /** Files are read when nothing has changed for so long: whoever writes one writes it in several steps. */
  readonly quietMs: number;
  /** Who never stops writing is not waited for longer. */
  readonly maxQuietMs: number;
  /** Between two looks without any notice: some file systems give none. */
  readonly pollMs: number;
  /** The same while the source cannot be read. */
  readonly retryMs: number;
};

const defaultTimes: FileProviderTimes = { quietMs: 50, maxQuietMs: 1_000, pollMs: 5_000, retryMs: 500 };

/** Creates the provider; nothing happens before `start`. */
export function createFileProvider(
  io: ProviderIo & {
    readonly options: FileProvider;
    /** Only tests set them. */
    readonly times?: Partial<FileProviderTimes>;
  },
): Provider {
  const { options, log, onConfig } = io;
  const times = { ...defaultTimes, ...io.times };
  const closing = new AbortController();
  const declare = createDocumentDeclarer(providerName, Date.now());
  const state = createSourceState(providerName, io);
  let running: Promise<void> | undefined;
  const notice = createChangeNotice(times);
  const directories = watchDirectories(notice.notify, (directory, error) =>
    log.warn({ err: error, directory }, 'A directory cannot be watched; it is looked at every few seconds.'),
  );
  const emptied = createEmptiedFiles();
  let last: Documents | undefined;
  let sent: ProviderConfig | undefined;

  const publish = (): void => {
    if (last === undefined) return;
    const config = state.withLoss(declare(last));
    if (config !== sent) onConfig(config);
    sent = config;
  };

  /** Whether the source could be read. */
  const look = async (): Promise<boolean> => {
    try {
      const documents = await readAll(options, directories.follow);
      if (closing.signal.aborted) return false;
      last = emptied.doubt(documents, last);
      state.up();
      publish();
      return true;
    } catch (error) {
      if (closing.signal.aborted) return false;
      if (state.down(explain(error), error)) publish();
      return false;
    }
  };

  const run = async (): Promise<void> => {
    state.connecting();
    while (!closing.signal.aborted) {
      notice.begin();
      const isRead = await look();
      if (isRead && !options.watch) return;
      const isSettled = isRead && !emptied.isInDoubt();
      await notice.next(isSettled ? times.pollMs : times.retryMs, closing.signal);
    }
  };

  return {
    start() {
      running ??= run();
    },
    async close() {
      closing.abort();
      directories.close();
      await running;
    },
  };
}

/** All files at one moment. What changes while they are read is read again: the directories are watched before. */
async function readAll(
  options: FileProvider,
  follow: (directories: ReadonlySet<string>) => Promise<boolean>,
): Promise<Documents> {
  let found = await findFiles(options);
  while (options.watch && (await follow(found.directories))) found = await findFiles(options);
  const documents = new Map<string, FoundDocument>();
  for (const path of found.files) {
    try {
      const text = await readFile(path, 'utf8');
      documents.set(path, { text, format: formatOf(path) ?? 'yaml', isTemplate: true });
    } catch (error) {
      // The only file is the source itself; one of several may have gone since they were listed.
      if (options.directory === '') throw error;
      if (codeOf(error) !== 'ENOENT') documents.set(path, { unreadable: explain(error).message });
    }
  }
  return documents;
}

function explain(error: unknown): SourceFault {
  const path: unknown = error instanceof Error ? Reflect.get(error, 'path') : undefined;
  const place = typeof path === 'string' ? path : 'The source';
  switch (codeOf(error)) {
    case 'ENOENT':
      return { message: `There is no ${place}.`, hint: 'Create it, or correct providers.file.' };
    case 'EACCES':
      return { message: `The gateway may not read ${place}.`, hint: 'Let its user read it.' };
    case 'ENOTDIR':
      return { message: `${place} is no directory.`, hint: 'Use providers.file.filename for a single file.' };
    case 'EISDIR':
      return {
        message: 'The file is a directory.',
        hint: 'Use providers.file.directory for all files of a directory.',
      };
    default:
      return { message: `${place} cannot be read: ${String(error)}`, hint: 'Look at the file system.' };
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
