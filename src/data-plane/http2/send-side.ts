// What goes out on one connection, by turns: control frames and heads at once, data as far as the windows and the kernel
// have room for it, one frame of each stream after the other.
import type { Socket } from 'node:net';
import { defaultWindowBytes } from '../../lib/http2/frames.ts';
import { HpackEncoder } from '../../lib/http2/hpack-encoder.ts';
import { FrameWriter } from './frame-writer.ts';
import { Output, type OutputOwner } from './output.ts';
import type { SessionParts } from './session-options.ts';

/** A stream with data that waits for the connection. */
export type Waiting = {
  /** It is in the list. */
  isWaiting: boolean;
  /** Sends a frame. True: there is more, and the stream has a window for it. */
  pump(): boolean;
};

/** One connection's. */
export class SendSide implements OutputOwner {
  readonly writer: FrameWriter;
  readonly encoder: HpackEncoder;
  /** What may be sent on the whole connection. */
  window = defaultWindowBytes;
  /** Frames that have moved something, in either direction. */
  usefulFrames = 0;
  readonly #output: Output;
  readonly #onOutput: () => void;
  #waiting: Waiting[] = [];

  /** `onOutput`: there is something to write since the last flush. */
  constructor(socket: Socket, parts: SessionParts, tableBytes: number, onOutput: () => void) {
    this.#onOutput = onOutput;
    this.#output = new Output(socket, parts.pool, this);
    this.encoder = new HpackEncoder(parts.names, tableBytes);
    this.writer = new FrameWriter(this.#output, this.encoder);
  }

  get isCongested(): boolean {
    return this.#output.isCongested;
  }

  addWaiting(stream: Waiting): void {
    if (stream.isWaiting) return;
    stream.isWaiting = true;
    this.#waiting.push(stream);
  }

  /** In turn, a frame of each stream that waits. */
  pump(): void {
    while (this.#waiting.length > 0 && this.window > 0 && !this.#output.isCongested) {
      const stream = this.#waiting.shift() as Waiting;
      stream.isWaiting = false;
      if (stream.pump()) this.addWaiting(stream);
    }
  }

  /** Writes what is there. */
  flush(): void {
    this.writer.forget();
    this.#output.flush();
  }

  onOutput(): void {
    this.#onOutput();
  }

  onRoom(): void {
    this.pump();
  }
}
