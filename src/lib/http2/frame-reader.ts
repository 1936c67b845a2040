// Bytes as they come from a socket → whole frames. Pure.
import { ConnectionFault, errorCode, frameHeadBytes, maxFrameBytes, readUint31 } from './frames.ts';

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
  read(bytes: Buffer): void {
    const at = this.#kept === undefined ? 0 : this.#complete(this.#kept, bytes);
    if (at < bytes.length && !this.#sink.isOver) this.#readFrames(bytes, at);
  }

  /** Takes what a kept part lacks, and no more: the rest of a read is not copied. Gives the place behind it. */
  #complete(kept: Buffer, bytes: Buffer): number {
    let frame = kept;
    let at = 0;
    for (let lacking = lackingOf(frame); lacking > 0; lacking = lackingOf(frame)) {
      const part = bytes.subarray(at, at + lacking);
      if (part.length === 0) break;
      frame = Buffer.concat([frame, part]);
      at += part.length;
    }
    this.#kept = undefined;
    this.#readFrames(frame, 0);
    return at;
  }

  #readFrames(bytes: Buffer, from: number): void {
    const end = bytes.length;
    const sink = this.#sink;
    let at = from;
    while (end - at >= frameHeadBytes) {
      const start = at + frameHeadBytes;
      const to = start + lengthAt(bytes, at);
      if (to > end) break;
      const stream = readUint31(bytes, at + 5);
      sink.onFrame(bytes[at + 3] as number, bytes[at + 4] as number, stream, bytes, start, to);
      if (sink.isOver) return;
      at = to;
    }
    // A copy: a few bytes must not keep all of the read in memory.
    if (at < end) this.#kept = Buffer.from(bytes.subarray(at));
  }
}

/** How many bytes more make the head of a frame whole, or a whole frame; 0 for one that is. */
function lackingOf(frame: Buffer): number {
  if (frame.length < frameHeadBytes) return frameHeadBytes - frame.length;
  return frameHeadBytes + lengthAt(frame, 0) - frame.length;
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUIntBE(at, 3);
  if (length > maxFrameBytes) throw new ConnectionFault(errorCode.frameSizeError, 'A frame is too large.');
  return length;
}
