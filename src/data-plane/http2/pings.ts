// Questions whether the other side is there, and who waits for their answers (RFC 9113 §6.7).
import type { FrameWriter } from './frame-writer.ts';

/** Those of one connection. */
export class Pings {
  readonly #asked = new Map<number, () => void>();
  #last = 0;

  /** `onAnswer` is called once the other side has answered. */
  ask(writer: FrameWriter, onAnswer: () => void): void {
    this.#last += 1;
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(this.#last, 4);
    this.#asked.set(this.#last, onAnswer);
    writer.ping(bytes, 0, false);
  }

  /** The eight bytes of an answer. False: nobody has asked that. */
  hear(bytes: Buffer, from: number): boolean {
    const number = bytes.readUInt32BE(from + 4);
    const onAnswer = this.#asked.get(number);
    this.#asked.delete(number);
    onAnswer?.();
    return onAnswer !== undefined;
  }
}
