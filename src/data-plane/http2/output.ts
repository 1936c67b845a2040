// What goes out on one connection: frames of all streams are put together in pieces of memory that are used again, and
// leave in one write at the end of the turn.
import type { Socket } from 'node:net';

/** Four full frames and a few small ones: half of a piece that takes one frame less would stay empty. */
const pieceBytes = 66 * 1024;
/** More are needed only while many clients read slowly; they are let go afterwards. */
const maxKept = 64;

/** Data waits in its streams while so much is on its way to the kernel. */
const highWaterBytes = 256 * 1024;
/** Below that, more data comes. */
const lowWaterBytes = 64 * 1024;

/** Memory that is being filled or written. */
type Piece = {
  readonly bytes: Buffer;
  length: number;
  output: Output | undefined;
  readonly done: () => void;
};

/** Memory for the connections of a worker, or of one lane of it. */
export class PiecePool {
  readonly #free: Piece[] = [];

  take(output: Output, least: number): Piece {
    const piece = least <= pieceBytes ? (this.#free.pop() ?? this.#make(pieceBytes)) : this.#make(least);
    piece.output = output;
    piece.length = 0;
    return piece;
  }

  #make(size: number): Piece {
    const piece: Piece = {
      bytes: Buffer.allocUnsafeSlow(size),
      length: 0,
      output: undefined,
      done: () => {
        const { output } = piece;
        piece.output = undefined;
        if (size === pieceBytes && this.#free.length < maxKept) this.#free.push(piece);
        output?.onWritten(piece.length);
      },
    };
    return piece;
  }
}

/** Who hears of an output. */
export type OutputOwner = {
  /** There is something to write since the last flush. */
  onOutput(): void;
  /** The connection is not congested any more. */
  onRoom(): void;
};

/** One connection's. Whoever writes asks for `room`, writes from `at` on and sets `at` behind it. */
export class Output {
  /** Where the next byte goes in what `room` gave. */
  at = 0;
  readonly #socket: Socket;
  readonly #pool: PiecePool;
  readonly #owner: OutputOwner;
  #piece: Piece | undefined;
  #full: Piece[] = [];
  #fullBytes = 0;
  #unwritten = 0;
  #wasCongested = false;

  constructor(socket: Socket, pool: PiecePool, owner: OutputOwner) {
    this.#socket = socket;
    this.#pool = pool;
    this.#owner = owner;
  }

  /** Memory with room for so many bytes from `at` on. */
  room(bytes: number): Buffer {
    const piece = this.#piece;
    if (piece !== undefined && piece.bytes.length - this.at >= bytes) return piece.bytes;
    if (piece !== undefined) this.#close(piece);
    else if (this.#full.length === 0) this.#owner.onOutput();
    const next = this.#pool.take(this, bytes);
    this.#piece = next;
    this.at = 0;
    return next.bytes;
  }

  /** What the kernel has not taken yet. */
  get waitingBytes(): number {
    return this.#unwritten + this.#fullBytes + this.at;
  }

  /** Whether data shall wait; `onRoom` follows when it need not any more. */
  get isCongested(): boolean {
    if (this.waitingBytes < highWaterBytes) return false;
    this.#wasCongested = true;
    return true;
  }

  /** Writes what is there. */
  flush(): void {
    const piece = this.#piece;
    if (piece !== undefined) this.#close(piece);
    const pieces = this.#full;
    if (pieces.length === 0) return;
    this.#full = [];
    this.#unwritten += this.#fullBytes;
    this.#fullBytes = 0;
    const socket = this.#socket;
    // A write behind the end would cut off what is on its way.
    if (socket.writableEnded || socket.destroyed) {
      for (const { done } of pieces) done();
      return;
    }
    if (pieces.length > 1) socket.cork();
    for (const { bytes, length, done } of pieces) socket.write(bytes.subarray(0, length), done);
    if (pieces.length > 1) socket.uncork();
  }

  onWritten(bytes: number): void {
    this.#unwritten -= bytes;
    if (!this.#wasCongested || this.waitingBytes > lowWaterBytes) return;
    this.#wasCongested = false;
    this.#owner.onRoom();
  }

  #close(piece: Piece): void {
    piece.length = this.at;
    this.#piece = undefined;
    this.#fullBytes += this.at;
    this.at = 0;
    if (piece.length > 0) this.#full.push(piece);
    else piece.done();
  }
}
