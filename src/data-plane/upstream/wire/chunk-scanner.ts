// Reads chunked bodies (RFC 9112 §7.1) as they pass: it needs to know that they are in plain form and where they end,
// and leaves their framing as it is, unless it is most of what passes. What is not plain is refused, never repaired: a body
// that two servers read differently is how requests are smuggled.
import { areWorthJoining, hexValues, joinChunks, maxSizeDigits, WholeChunks } from './whole-chunks.ts';

/** Takes the parts of a chunked body, in order. */
export type ChunkSink = {
  /** Framing and data without extensions, or data alone; never the last chunk. */
  onChunkBytes(bytes: Buffer): void;
};

type State =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer-start'
  | 'trailer'
  | 'trailer-lf'
  | 'end-lf'
  | 'done';

const cr = 13;
const lf = 10;
const semicolon = 59;
/** As much as Node's parser takes of extensions in one message (CVE-2024-22019). */
const maxExtensionBytes = 16 * 1024;
const maxTrailerBytes = 16 * 1024;
/**
 * Chunk extensions, with the `;` in front (RFC 9112 §7.1.1): names, and values that are tokens or quoted. They are dropped,
 * but where they end must be as plain to others.
 */
const extensions = /^(?:;[\w!#$%&'*+.^`|~-]+(?:=(?:[\w!#$%&'*+.^`|~-]+|"(?:[\t !#-[\]-~]|\\[\t -~])*"))?)+$/;

/** Follows one body. */
export class ChunkScanner {
  /** Bytes of data so far, framing not counted. */
  dataBytes = 0;
  /** The trailer section as it came, lines ended by CRLF, without the empty one; complete when the body is. */
  trailer = '';
  readonly #sink: ChunkSink;
  readonly #unwraps: boolean;
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  /** Of the size line under way. */
  #extension = '';
  #extensionBytes = 0;
  /** Where in these bytes the size line under way began; -1 when it began in earlier ones. */
  #lineStart = 0;
  /** Where in these bytes what the sink has not been given yet begins; -1 for nowhere. */
  #rawStart = -1;

  /** With `unwraps` the sink gets data without framing. */
  constructor(sink: ChunkSink, unwraps: boolean) {
    this.#sink = sink;
    this.#unwraps = unwraps;
  }

  /** Whether the body's end has been read. */
  get isDone(): boolean {
    return this.#state === 'done';
  }

  /**
   * Reads on from `from`. Gives the place behind the body's end, the end of the bytes when the body goes on, and -1 when
   * it is not plainly framed. What was read of it is given to the sink before this returns, unless that is -1.
   */
  scan(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = from;
    this.#lineStart = this.#state === 'size' && this.#digits === 0 ? from : -1;
    this.#rawStart = this.#isInChunk() ? from : -1;
    while (at < length && this.#state !== 'done') {
      if (this.#state === 'data') at = this.#takeData(bytes, at);
      else {
        if (this.#state === 'size' && this.#digits === 0) at = this.#takeWholeChunks(bytes, at);
        if (at === length) break;
        if (!this.#step(bytes, at)) return -1;
        at += 1;
      }
    }
    // A size line that is not complete is given when it is: it may be that of the last chunk.
    if (this.#isInChunk()) this.#give(bytes, at);
    else if (this.#state !== 'done' && this.#lineStart >= 0) this.#give(bytes, this.#lineStart);
    return at;
  }

  #isInChunk(): boolean {
    return this.#state === 'data' || this.#state === 'data-cr' || this.#state === 'data-lf';
  }

  /** Those that begin at `from`, as far as they are plain; gives the place behind them. */
  #takeWholeChunks(bytes: Buffer, from: number): number {
    const chunks = new WholeChunks(bytes, from);
    let count = 0;
    let dataBytes = 0;
    while (chunks.next()) {
      count += 1;
      dataBytes += chunks.dataEnd - chunks.dataStart;
    }
    if (count === 0) return from;
    this.dataBytes += dataBytes;
    if (areWorthJoining(count, dataBytes)) {
      this.#give(bytes, from);
      this.#sink.onChunkBytes(joinChunks(bytes, from, dataBytes, this.#unwraps));
    } else if (this.#unwraps) {
      for (const each = new WholeChunks(bytes, from); each.next(); ) {
        this.#sink.onChunkBytes(bytes.subarray(each.dataStart, each.dataEnd));
      }
    } else if (this.#rawStart < 0) this.#rawStart = from;
    this.#lineStart = chunks.end;
    return chunks.end;
  }

  #takeData(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#size, bytes.length - at);
    if (this.#unwraps) this.#sink.onChunkBytes(bytes.subarray(at, at + taken));
    this.#size -= taken;
    this.dataBytes += taken;
    if (this.#size === 0) this.#state = 'data-cr';
    return at + taken;
  }

  /** One byte of framing; false when it has no place there. */
  #step(bytes: Buffer, at: number): boolean {
    const code = bytes[at] ?? 0;
    switch (this.#state) {
      case 'size':
        return this.#readSize(code);
      case 'extension':
        return this.#readExtension(code);
      case 'size-lf':
        this.#endSize(bytes, at);
        return code === lf;
      case 'data-cr':
        this.#state = 'data-lf';
        return code === cr;
      case 'data-lf':
        this.#state = 'size';
        this.#lineStart = at + 1;
        return code === lf;
      case 'trailer-start':
        this.#state = 'trailer';
        if (code === cr) this.#state = 'end-lf';
        else this.trailer += String.fromCharCode(code);
        return code !== lf;
      case 'trailer':
        this.trailer += String.fromCharCode(code);
        if (code === cr) this.#state = 'trailer-lf';
        return code !== lf && this.trailer.length <= maxTrailerBytes;
      case 'trailer-lf':
        this.trailer += '\n';
        this.#state = 'trailer-start';
        return code === lf;
      case 'end-lf':
        this.#state = 'done';
        return code === lf;
      default:
        return false;
    }
  }

  #readSize(code: number): boolean {
    const value = hexValues[code] ?? -1;
    if (value >= 0) {
      this.#size = this.#size * 16 + value;
      this.#digits += 1;
      return this.#digits <= maxSizeDigits;
    }
    if (code === semicolon) this.#extension = ';';
    this.#state = code === semicolon ? 'extension' : 'size-lf';
    return this.#digits > 0 && (code === cr || code === semicolon);
  }

  #readExtension(code: number): boolean {
    if (code === cr) {
      this.#state = 'size-lf';
      return extensions.test(this.#extension);
    }
    this.#extensionBytes += 1;
    this.#extension += String.fromCharCode(code);
    return this.#extensionBytes <= maxExtensionBytes;
  }

  /** At the line feed of a size line. */
  #endSize(bytes: Buffer, at: number): void {
    const isWhole = this.#lineStart >= 0 && this.#extension === '';
    if (this.#size === 0) {
      this.#give(bytes, this.#lineStart);
      this.#state = 'trailer-start';
    } else {
      this.#state = 'data';
      if (isWhole) {
        if (this.#rawStart < 0) this.#rawStart = this.#lineStart;
      } else {
        this.#give(bytes, this.#lineStart);
        if (!this.#unwraps) this.#sink.onChunkBytes(Buffer.from(`${this.#size.toString(16)}\r\n`, 'latin1'));
        this.#rawStart = at + 1;
      }
    }
    this.#digits = 0;
    this.#extension = '';
    this.#lineStart = -1;
  }

  /** Gives what has been read up to `end` and not been given yet. */
  #give(bytes: Buffer, end: number): void {
    const start = this.#rawStart;
    this.#rawStart = -1;
    if (!this.#unwraps && start >= 0 && end > start) this.#sink.onChunkBytes(bytes.subarray(start, end));
  }
}
