// Writes lines to a file descriptor in batches that are never torn, without holding up the event loop. sonic-boom, which
// pino brings, counts characters where a pipe counts bytes, and its flush leaves the last batch behind.
import { fstatSync, write } from 'node:fs';

/** Lines on their way to a descriptor. */
export type LineWriter = {
  /** Takes one line with its line end; never throws and never waits. */
  readonly write: (line: string) => void;
  /** Resolves once all lines taken so far are written, or known to be lost. */
  readonly flush: () => Promise<void>;
};

/**
 * A write of at most this size to a pipe is never torn by another thread's (PIPE_BUF on Linux, POSIX write(2)): workers
 * share standard output. A longer line is written alone.
 */
const atomicWriteBytes = 4096;
/** To a file that is appended to no write is torn, whatever its size. */
const fileWriteBytes = 64 * 1024;
/** Lines wait for company so long, or for half of a write, so that a busy worker does not pay a system call for each. */
const maxWaitMs = 100;
/** When nobody reads, further lines are dropped: a full pipe must neither stop the gateway nor fill its memory. */
const maxPendingBytes = 8 * 1024 * 1024;
/** A non-blocking descriptor whose reader is slow says EAGAIN. */
const retryMs = 10;

type Batch = { text: string; bytes: number };

/** `onError` hears of each batch that is lost. The descriptor stays the caller's. */
export function createLineWriter(descriptor: number, onError: (error: Error) => void): LineWriter {
  const maxBatchBytes = isRegularFile(descriptor) ? fileWriteBytes : atomicWriteBytes;
  const fullBatchBytes = maxBatchBytes / 2;
  const batches: Batch[] = [];
  const waiting: (() => void)[] = [];
  let pendingBytes = 0;
  let writing = false;
  let timer: NodeJS.Timeout | undefined;

  function take(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (pendingBytes + bytes > maxPendingBytes) return;
    pendingBytes += bytes;
    const last = batches.at(-1);
    if (last === undefined || last.bytes + bytes > maxBatchBytes) batches.push({ text: line, bytes });
    else {
      last.text += line;
      last.bytes += bytes;
    }
    if (pendingBytes >= fullBatchBytes) drain();
    else timer ??= setTimeout(drain, maxWaitMs).unref();
  }

  function drain(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writing) return;
    const batch = batches.shift();
    if (batch === undefined) {
      for (const done of waiting.splice(0)) done();
      return;
    }
    writing = true;
    put(Buffer.from(batch.text), () => {
      pendingBytes -= batch.bytes;
      writing = false;
      // A batch that is not full waits for company again, unless somebody waits for it.
      if (pendingBytes >= fullBatchBytes || waiting.length > 0) drain();
      else if (pendingBytes > 0) timer ??= setTimeout(drain, maxWaitMs).unref();
    });
  }

  function put(bytes: Buffer, done: () => void): void {
    write(descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(put, retryMs, bytes, done);
        return;
      }
      if (error === null && written < bytes.length) {
        put(bytes.subarray(written), done);
        return;
      }
      if (error !== null) onError(error);
      done();
    });
  }

  return {
    write: take,
    flush: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        drain();
      }),
  };
}

function isRegularFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    // Whoever writes to it will be told.
    return false;
  }
}
