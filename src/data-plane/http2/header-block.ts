// A header block from its parts: a HEADERS frame and the CONTINUATION frames behind it (RFC 9113 §4.3).
import { ConnectionFault, errorCode } from '../../lib/http2/frames.ts';

/** A block of 512 KiB comes in 32 full frames; more and smaller ones only cost time (CVE-2024-27316). */
const maxParts = 64;

/** The block that is coming, if one is. */
export class HeaderBlock {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Whose it is; 0 between blocks. */
  stream = 0;
  isLast = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The first part, which is not the last. */
  begin(stream: number, isLast: boolean, part: Buffer): void {
    this.stream = stream;
    this.isLast = isLast;
    this.#add(part);
  }

  /** A further part; gives the block when it is whole. @throws ConnectionFault for one without end. */
  add(part: Buffer, isWhole: boolean): Buffer | undefined {
    this.#add(part);
    if (!isWhole) return undefined;
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    this.stream = 0;
    return block;
  }

  #add(part: Buffer): void {
    this.#bytes += part.length;
    // A copy: a few bytes must not keep all of a read in memory.
    this.#parts.push(Buffer.from(part));
    if (this.#bytes > this.#maxBytes || this.#parts.length > maxParts) {
      throw new ConnectionFault(errorCode.enhanceYourCalm, 'A header block has no end.');
    }
  }
}
