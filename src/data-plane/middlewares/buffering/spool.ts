// A body that is kept whole: in memory up to a limit, beyond it in a temporary file that has no name any more as soon as it is
// open, so that nothing of it can be left behind.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, read, unlink, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GatewayError } from '../../../model/errors.ts';

/** Who fills it. */
export type SpoolOwner = {
  /** It takes more, after `write` gave false. */
  onSpoolDrain(): void;
  /** The file cannot be written, such as on a full disk. Nothing more is taken. */
  onSpoolError(error: GatewayError): void;
};

/** Keeps one body. */
export class Spool {
  readonly #memBytes: number;
  readonly #owner: SpoolOwner;
  #chunks: Buffer[] = [];
  #length = 0;
  #file: WriteStream | undefined;
  #fd: number | undefined;
  #isClosed = false;

  constructor(memBytes: number, owner: SpoolOwner) {
    this.#memBytes = memBytes;
    this.#owner = owner;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** False: no more until `onSpoolDrain`. */
  write(chunk: Buffer): boolean {
    this.#length += chunk.length;
    if (this.#file !== undefined) return this.#file.write(chunk);
    this.#chunks.push(chunk);
    return this.#length <= this.#memBytes || this.#moveToFile();
  }

  /** Calls back when all of it is kept; not after an error. */
  end(then: () => void): void {
    if (this.#file === undefined) then();
    else {
      this.#file.end((error?: Error | null) => {
        if (!error) then();
      });
    }
  }

  /** All of it from its start, once it has ended. May be called again; the stream is to be read or destroyed before `close`. */
  open(): Readable {
    if (this.#fd === undefined) return Readable.from(this.#chunks, { objectMode: false });
    return createReadStream('', { fd: this.#fd, start: 0, fs: readOnly });
  }

  /** Lets go of it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#chunks = [];
    // Waits for what is being written, and closes the file then: its number may be another file's from there on.
    this.#file?.destroy();
  }

  #moveToFile(): boolean {
    const path = join(tmpdir(), `berth-${randomUUID()}`);
    // Nobody else may read what clients send.
    const file = createWriteStream(path, { flags: 'wx+', mode: 0o600, autoClose: false });
    this.#file = file;
    file
      .on('open', (fd) => {
        unlink(path, () => {});
        this.#fd = fd;
      })
      .on('drain', () => this.#owner.onSpoolDrain())
      .on('error', (cause) => {
        if (this.#isClosed) return;
        const reason = 'There is no room to keep a body.';
        this.#owner.onSpoolError(new GatewayError('internal', { reason, cause }));
      });
    let takesMore = true;
    for (const chunk of this.#chunks.splice(0)) takesMore = file.write(chunk);
    return takesMore;
  }
}

/** Several streams may read one file, one after the other: none of them closes it. */
const readOnly = {
  read,
  open: () => {
    throw new Error('It is open.');
  },
  close: (_fd: number, then: (error?: Error | null) => void) => then(),
};
