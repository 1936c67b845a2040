// One stream of a connection of HTTP/2, of either role: its two directions, and the windows of both. No Node stream: a
// request of a few hundred bytes costs this object and nothing else.
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import { defaultWindowBytes, errorCode, max31, maxFrameBytes } from '../../lib/http2/frames.ts';
import { ReceiveWindow } from '../../lib/http2/receive-window.ts';
import type { SendSide, Waiting } from './send-side.ts';

/** Who hears of a stream. */
export type StreamUser = {
  /** To be copied if it is kept longer than the read that it came with is worth. Gives false when no more shall come until `read`. */
  onStreamData(bytes: Buffer): boolean;
  /** The other side has said all. */
  onStreamEnd(trailers: Fields): void;
  /** All that was written has gone out, after `write` gave false. */
  onStreamDrain(): void;
  /** The stream is over, and nothing more is heard of it: its `resetCode` tells how. */
  onStreamClose(): void;
};

/** The connection, as its streams see it. */
export type StreamOwner = {
  readonly out: SendSide;
  /** Bytes of the connection's window have been used up. */
  consume(bytes: number): void;
  /** Neither side sends any more. */
  onStreamOver(stream: Http2Stream): void;
};

/** What may come on a stream before it is taken. */
export const streamWindowBytes = 256 * 1024;

/** A stream, from its head to its end. */
export class Http2Stream implements Waiting {
  readonly id: number;
  readonly owner: StreamOwner;
  user: StreamUser | undefined;
  /** Of the RST_STREAM that ended it, whoever sent it; -1: it has not been reset. */
  resetCode = -1;
  /** The reset was this side's. */
  isResetHere = false;
  /** Whether something may follow its head. */
  hasBody = true;
  /** The other side has ended its direction. */
  isRemoteEnded = false;
  /** This side has, or will when all that waits has gone out. */
  isEnded = false;
  isClosed = false;
  /** It is in the list of those that wait for the connection. */
  isWaiting = false;
  /** Bytes that have been written and wait for a window, or for the connection. */
  waitingBytes = 0;
  #sendWindow: number;
  #outbox: Buffer[] = [];
  /** How much of the first one has gone out. */
  #sentOfFirst = 0;
  #trailers: ReadonlyFields | undefined;
  #isEndSent = false;
  #stopsReading = false;
  #wantsDrain = false;
  readonly #receiveWindow = new ReceiveWindow(streamWindowBytes);
  #inbox: Buffer[] = [];
  #isReading = false;
  #isDiscarding = false;
  #received: Fields = [];
  #isEndTold = false;
  /** What is still to come by Content-Length; -1 where that is not known. */
  #bodyLeft = -1;

  constructor(id: number, owner: StreamOwner, sendWindow: number = defaultWindowBytes) {
    this.id = id;
    this.owner = owner;
    this.#sendWindow = sendWindow;
  }

  /** Sends a head; `isEnd`: and nothing else. Values must be legal (`isFieldValue`). */
  sendHead(fields: ReadonlyFields, isEnd: boolean): void {
    if (this.isClosed || this.isEnded) return;
    this.owner.out.writer.headers(this.id, fields, isEnd);
    if (!isEnd) return;
    this.isEnded = true;
    this.#onEndSent();
  }

  /** Sends data. False: some of it waits, must not be changed meanwhile, and `onStreamDrain` follows. */
  write(bytes: Buffer, isEnd = false): boolean {
    if (this.isClosed || this.isEnded) return true;
    const { length } = bytes;
    if (length === 0) {
      if (isEnd) this.end();
      return this.waitingBytes === 0;
    }
    if (isEnd) this.isEnded = true;
    let sent = 0;
    if (this.waitingBytes === 0) {
      sent = this.#send(bytes, 0, length, isEnd);
      if (sent === length) return true;
    }
    this.waitingBytes += length - sent;
    this.#outbox.push(sent === 0 ? bytes : bytes.subarray(sent));
    this.#wantsDrain = true;
    if (this.#sendWindow > 0) this.owner.out.addWaiting(this);
    return false;
  }

  /** Sends the end, behind what waits. */
  end(trailers?: ReadonlyFields): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.#trailers = trailers !== undefined && trailers.length > 0 ? trailers : undefined;
    if (this.waitingBytes === 0) this.#sendEnd();
  }

  /** Ends both directions at once; what waits is thrown away. */
  reset(code: number): void {
    if (this.isClosed) return;
    if (!this.#isOver) this.owner.out.writer.reset(this.id, code);
    this.isResetHere = true;
    this.close(code);
  }

  /** Lets data come, from the first of it or after `onStreamData` gave false. */
  read(): void {
    if (this.isClosed) return;
    this.#isReading = true;
    while (this.#inbox.length > 0 && this.#isReading) this.#give(this.#inbox.shift() as Buffer);
    this.#giveEnd();
  }

  /** Nobody wants more of what comes: it is thrown away, so that it holds up no other stream. */
  discard(): void {
    if (this.isClosed) return;
    this.#isDiscarding = true;
    this.#isReading = true;
    for (const bytes of this.#inbox) this.#consume(bytes.length);
    this.#inbox = [];
    this.#giveEnd();
  }

  /** Both sides have said all: to the other side it is closed. */
  get #isOver(): boolean {
    return this.#isEndSent && this.isRemoteEnded;
  }

  /**
   * No more of what comes is wanted: the other side is told so when the end has been sent, by a reset with NO_ERROR, which
   * does not make what was sent less whole (RFC 9113 §8.1).
   */
  stopReading(): void {
    this.discard();
    this.#stopsReading = true;
    if (this.#isEndSent) this.reset(errorCode.noError);
  }

  // What the connection tells.

  /** The head has come; `bodyBytes` by its Content-Length, -1 without one. */
  expect(bodyBytes: number): void {
    this.#bodyLeft = bodyBytes;
  }

  /** Gives the code of what is wrong with it, or -1. `padding` counts for windows only. */
  receive(bytes: Buffer, padding: number): number {
    if (!this.#receiveWindow.take(bytes.length + padding)) return errorCode.flowControlError;
    if (this.#bodyLeft >= 0) {
      this.#bodyLeft -= bytes.length;
      if (this.#bodyLeft < 0) return errorCode.protocolError;
    }
    if (padding > 0) this.#consume(padding);
    if (bytes.length > 0) {
      if (this.#isReading) this.#give(bytes);
      else this.#inbox.push(bytes);
    }
    return -1;
  }

  /** Gives the code of what is wrong with it, or -1. */
  receiveEnd(trailers: Fields): number {
    if (this.#bodyLeft > 0) return errorCode.protocolError;
    this.isRemoteEnded = true;
    this.#received = trailers;
    if (this.#isEndSent) this.owner.onStreamOver(this);
    if (this.#isReading) this.#giveEnd();
    return -1;
  }

  /** The other side takes so much more, or less (RFC 9113 §6.9.2). False: the window is larger than any may be. */
  widen(bytes: number): boolean {
    this.#sendWindow += bytes;
    if (this.#sendWindow > max31) return false;
    if (this.waitingBytes > 0 && this.#sendWindow > 0) this.owner.out.addWaiting(this);
    return true;
  }

  /** The connection has room: sends a frame of what waits. True: there is more, and a window for it. */
  pump(): boolean {
    const first = this.#outbox[0];
    if (first === undefined || this.isClosed) return false;
    const from = this.#sentOfFirst;
    const isLast = this.#outbox.length === 1 && this.isEnded && this.#trailers === undefined;
    const sent = this.#send(first, from, Math.min(first.length, from + maxFrameBytes), isLast);
    if (this.isClosed) return false;
    this.waitingBytes -= sent;
    if (from + sent < first.length) {
      this.#sentOfFirst = from + sent;
      return this.#sendWindow > 0;
    }
    this.#sentOfFirst = 0;
    this.#outbox.shift();
    if (this.waitingBytes > 0) return this.#sendWindow > 0;
    if (this.isEnded) {
      if (!this.#isEndSent) this.#sendEnd();
    } else if (this.#wantsDrain) {
      this.#wantsDrain = false;
      this.user?.onStreamDrain();
    }
    return false;
  }

  /** It is over without a further word to the other side. `code` -1: cleanly. */
  close(code: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.resetCode = code;
    this.waitingBytes = 0;
    this.#outbox = [];
    const { user } = this;
    this.user = undefined;
    for (const { length } of this.#inbox) this.owner.consume(length);
    this.#inbox = [];
    if (!this.#isOver) this.owner.onStreamOver(this);
    user?.onStreamClose();
  }

  /** Sends what the windows allow of the bytes between `from` and `to`; gives how many. */
  #send(bytes: Buffer, from: number, to: number, isEnd: boolean): number {
    const { out } = this.owner;
    let at = from;
    while (at < to && !out.isCongested) {
      const most = Math.min(maxFrameBytes, this.#sendWindow, out.window);
      if (most <= 0) break;
      const next = Math.min(to, at + most);
      const isLast = isEnd && next === bytes.length;
      out.writer.data(this.id, bytes, at, next, isLast);
      out.usefulFrames += 1;
      out.window -= next - at;
      this.#sendWindow -= next - at;
      at = next;
      if (isLast) this.#onEndSent();
    }
    return at - from;
  }

  #sendEnd(): void {
    const { writer } = this.owner.out;
    if (this.#trailers === undefined) writer.end(this.id);
    else writer.headers(this.id, this.#trailers, true);
    this.#onEndSent();
  }

  #onEndSent(): void {
    this.#isEndSent = true;
    if (!this.isRemoteEnded) {
      if (this.#stopsReading) this.reset(errorCode.noError);
      return;
    }
    this.owner.onStreamOver(this);
    if (this.#isEndTold) this.close(-1);
  }

  #give(bytes: Buffer): void {
    this.#consume(bytes.length);
    if (!this.#isDiscarding && this.user?.onStreamData(bytes) === false && !this.#isDiscarding)
      this.#isReading = false;
  }

  #giveEnd(): void {
    if (!this.isRemoteEnded || this.#isEndTold || this.isClosed || this.#inbox.length > 0) return;
    this.#isEndTold = true;
    if (!this.#isDiscarding) this.user?.onStreamEnd(this.#received);
    if (this.#isEndSent) this.close(-1);
  }

  #consume(bytes: number): void {
    this.owner.consume(bytes);
    const more = this.#receiveWindow.release(bytes);
    if (more > 0 && !this.isRemoteEnded && !this.isClosed) this.owner.out.writer.windowUpdate(this.id, more);
  }
}
