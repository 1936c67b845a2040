// What goes to one client: small parts are put together into one write, large ones are written as they are.
import type { Socket } from 'node:net';

/** A copy of so much costs less than another system call. */
const maxCopiedBytes = 16 * 1024;

/** Writes to one socket. Text is latin1. */
export class ClientWriter {
  readonly #socket: Socket;
  #text = '';

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Whether something waits for `flush`. */
  get isPending(): boolean {
    return this.#text !== '';
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
    this.#socket.write(Buffer.from(bytes));
  }

  /** Writes what is put together. */
  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#socket.write(text, 'latin1');
  }

  /** Forgets what has not been written. */
  drop(): void {
    this.#text = '';
  }

  /** Whether the client reads more slowly than it is written to: more only after its `drain`. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }
}
