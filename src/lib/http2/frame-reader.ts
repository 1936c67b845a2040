// Bytes as they come from a socket → whole frames. Pure.
import { ConnectionFault, errorCode, frameHeadBytes, maxFrameBytes } from './frames.ts';

/** Who takes frames. `bytes` from `from` to `to` are the payload: a part of what was read, not a copy. */
export type FrameSink = {
  onFrame(type: number, flags: number, stream: number, bytes: Buffer, from: number, to: number): void;
  /** Whether no more frames are wanted; what is left is thrown away. */
  readonly isOver: boolean;
};

/** Of one connection. What stands at the end of a read and is no whole frame is kept for the next one: 16 KiB at most. */
export class FrameReader {
  readonly #sink: FrameSink;
  #kept: Buffer | undefined;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Whether a part of a frame waits for its rest. */
  get isInside(): boolean {
    return this.#kept !== undefined;
  }

  /** @throws ConnectionFault for a frame that is too large (RFC 9113 §4.2). */
  read(read: Buffer): void {
    const bytes = this.#kept === undefined ? read : Buffer.concat([this.#kept, read]);
    const end = bytes.length;
    const sink = this.#sink;
    let at = 0;
    this.#kept = undefined;
    while (end - at >= frameHeadBytes) {
      const length = bytes.readUIntBE(at, 3);
      if (length > maxFrameBytes)
        throw new ConnectionFault(errorCode.frameSizeError, 'A frame is too large.');
      const from = at + frameHeadBytes;
      const to = from + length;
      if (to > end) break;
      const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
      sink.onFrame(bytes[at + 3] as number, bytes[at + 4] as number, stream, bytes, from, to);
      if (sink.isOver) return;
      at = to;
    }
    // A copy: a few bytes must not keep all of the read in memory.
    if (at < end) this.#kept = Buffer.from(bytes.subarray(at));
  }
}
