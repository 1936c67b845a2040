// Frames as they go out (RFC 9113 §6).
import type { ReadonlyFields } from '../../lib/header-fields.ts';
import {
  frameFlag,
  frameHeadBytes,
  frameType,
  maxFrameBytes,
  writeFrameHead,
  writeUint32,
} from '../../lib/http2/frames.ts';
import { HpackEncoder } from '../../lib/http2/hpack-encoder.ts';
import type { Output } from './output.ts';

/** Writes the frames of one connection. */
export class FrameWriter {
  readonly #output: Output;
  readonly #encoder: HpackEncoder;
  /** The last frame of data: whose it is, where its flags stand, and in which memory, as long as that is not written. */
  #dataStream = 0;
  #dataFlagsAt = 0;
  #dataPiece: Buffer | undefined;

  constructor(output: Output, encoder: HpackEncoder) {
    this.#output = output;
    this.#encoder = encoder;
  }

  headers(stream: number, fields: ReadonlyFields, isEnd: boolean): void {
    const most = HpackEncoder.maxBytes(fields);
    const flags = isEnd ? frameFlag.endStream : 0;
    if (most > maxFrameBytes) {
      this.#longHeaders(stream, fields, flags, most);
      return;
    }
    const output = this.#output;
    const into = output.room(frameHeadBytes + most);
    const { at } = output;
    const end = this.#encoder.encode(fields, into, at + frameHeadBytes);
    writeFrameHead(
      into,
      at,
      end - at - frameHeadBytes,
      frameType.headers,
      flags | frameFlag.endHeaders,
      stream,
    );
    output.at = end;
  }

  /** Bytes between `from` and `to`, copied; no more than a frame may have. */
  data(stream: number, bytes: Buffer, from: number, to: number, isEnd: boolean): void {
    const output = this.#output;
    const into = output.room(frameHeadBytes + to - from);
    this.#dataStream = stream;
    this.#dataFlagsAt = output.at + 4;
    this.#dataPiece = into;
    const flags = isEnd ? frameFlag.endStream : 0;
    const at = writeFrameHead(into, output.at, to - from, frameType.data, flags, stream);
    bytes.copy(into, at, from, to);
    output.at = at + to - from;
  }

  /** Ends a stream: with its last frame of data where that has not left yet, else with an empty one. */
  end(stream: number): void {
    const piece = this.#dataPiece;
    if (piece !== undefined && this.#dataStream === stream) piece[this.#dataFlagsAt] = frameFlag.endStream;
    else this.#frame(frameType.data, frameFlag.endStream, stream, 0);
  }

  /** What has been written leaves now: nothing of it can be changed any more. */
  forget(): void {
    this.#dataPiece = undefined;
  }

  reset(stream: number, code: number): void {
    this.#uint32(frameType.reset, stream, code);
  }

  windowUpdate(stream: number, bytes: number): void {
    this.#uint32(frameType.windowUpdate, stream, bytes);
  }

  settings(payload: Buffer): void {
    const at = this.#frame(frameType.settings, 0, 0, payload.length);
    payload.copy(this.#output.room(0), at);
  }

  settingsAck(): void {
    this.#frame(frameType.settings, frameFlag.ack, 0, 0);
  }

  /** Eight bytes, which an answer repeats. */
  ping(bytes: Buffer, from: number, isAnswer: boolean): void {
    const at = this.#frame(frameType.ping, isAnswer ? frameFlag.ack : 0, 0, 8);
    bytes.copy(this.#output.room(0), at, from, from + 8);
  }

  goaway(lastStream: number, code: number): void {
    const at = this.#frame(frameType.goaway, 0, 0, 8);
    const into = this.#output.room(0);
    writeUint32(into, writeUint32(into, at, lastStream), code);
  }

  #uint32(type: number, stream: number, value: number): void {
    const at = this.#frame(type, 0, stream, 4);
    writeUint32(this.#output.room(0), at, value);
  }

  /** Writes the head and leaves room for the payload; gives the place of that, in what `room(0)` gives. */
  #frame(type: number, flags: number, stream: number, length: number): number {
    const output = this.#output;
    const into = output.room(frameHeadBytes + length);
    const at = writeFrameHead(into, output.at, length, type, flags, stream);
    output.at = at + length;
    return at;
  }

  #longHeaders(stream: number, fields: ReadonlyFields, flags: number, most: number): void {
    const block = Buffer.allocUnsafe(most);
    const end = this.#encoder.encode(fields, block, 0);
    for (let from = 0; from < end; from += maxFrameBytes) {
      const to = Math.min(end, from + maxFrameBytes);
      const first = from === 0;
      const isWhole = to === end ? frameFlag.endHeaders : 0;
      const type = first ? frameType.headers : frameType.continuation;
      const at = this.#frame(type, (first ? flags : 0) | isWhole, stream, to - from);
      block.copy(this.#output.room(0), at, from, to);
    }
  }
}
