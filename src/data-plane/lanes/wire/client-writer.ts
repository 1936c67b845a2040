// What goes to one client: small parts are put together into one write, large ones are written as they are.
import type { Socket } from 'node:net';
import type { CopyPool } from './copy-pool.ts';

/** A copy of so much costs less than another system call. */
const maxCopiedBytes = 16 * 1024;

/** Writes to one socket. Text is latin1. */
export class ClientWriter {
  readonly #socket: Socket;
  readonly #copies: CopyPool;
  #text = '';

  constructor(socket: Socket, copies: CopyPool) {
    this.#socket = socket;
    this.#copies = copies;
  }

  addText(text: string): void {
    this.#text += text;
  }

  /** Copies them: they may be overwritten as soon as this returns. */
  addBytes(bytes: Buffer): void {
    if (this.#text.length + bytes.length <= maxCopiedBytes) {
      this.#text += bytes.toString('latin1');
      return;
    }
    this.flush();
    const copy = this.#copies.copy(bytes);
    this.#socket.write(copy.bytes, copy.done);
  }

  /** Writes what is put together. */
  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#socket.write(text, 'latin1');
  }

  /** Whether there is memory for large parts. */
  get takesLargeParts(): boolean {
    return this.#copies.hasRoomForLarge;
  }

  /** Whether the client reads more slowly than it is written to: more only after its `drain`. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }
}
