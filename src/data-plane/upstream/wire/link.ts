// One connection to an HTTP/1.1 origin: the socket, the reader of what comes back, and the request in whose hands it is.
import type { Socket } from 'node:net';
import { disownStream, ownStream, type StreamOwner } from '../../../lib/stream-owner.ts';
import { GatewayError } from '../../../model/errors.ts';
import type { WireLink, WireUser } from '../../live-state/upstream.ts';
import { toGatewayError } from '../to-gateway-error.ts';
import { largeBuffer, longBodyBytes, usualBuffer } from './read-buffers.ts';
import { type HeadMemory, ResponseReader } from './response-reader.ts';

/** Whom a connection goes back to. */
export type LinkOwner = {
  /** For all connections of the origin. */
  readonly memory: HeadMemory;
  /** It may serve another request. */
  giveBack(link: Link): void;
  /** It will serve none any more. */
  forget(link: Link): void;
};

/** One connection. */
export class Link implements WireLink, StreamOwner<Socket> {
  isOpen = false;
  reused = false;
  /** When it became idle, by performance.now(). */
  idleSince = 0;
  readonly #socket: Socket;
  readonly #owner: LinkOwner;
  readonly #reader: ResponseReader;
  #user: WireUser | undefined;
  #isRequestWhole = false;
  #isPaused = false;

  /**
   * `opened` is the event by which the socket says that it stands: `connect` or `secureConnect`. The socket gives its
   * data by events, or whoever made it brings them to `onData`.
   */
  constructor(socket: Socket, opened: 'connect' | 'secureConnect', owner: LinkOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#reader = new ResponseReader(owner.memory);
    socket.once(opened, () => this.#open());
    ownStream(socket, this);
  }

  /** Whether it may be lent: the origin has not closed it meanwhile. */
  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.readable;
  }

  /** The next request's. */
  lend(user: WireUser): void {
    this.#user = user;
    this.#isRequestWhole = false;
  }

  get bodyBytes(): number {
    return this.#reader.bodyBytes;
  }

  /** What it is to be read into next. */
  get buffer(): Buffer {
    const isLong = this.#reader.bodyBytes >= longBodyBytes && this.#user?.takesLargeParts === true;
    return isLong ? largeBuffer : usualBuffer;
  }

  writeHead(head: string, isHeadRequest: boolean, unwraps: boolean): void {
    this.#reader.begin(this.#user as WireUser, isHeadRequest, unwraps);
    this.#socket.write(head, 'latin1');
  }

  writeBody(bytes: Buffer): boolean {
    return this.#socket.write(bytes);
  }

  get isDrained(): boolean {
    return this.#socket.writableLength === 0;
  }

  endRequest(): void {
    this.#isRequestWhole = true;
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  abort(): void {
    this.#user = undefined;
    this.close();
  }

  /** Closes the socket at once. */
  close(): void {
    this.#owner.forget(this);
    this.#socket.destroy();
  }

  /** Ends the request in whose hands it is. */
  fail(error: unknown): void {
    const user = this.#user;
    this.#user = undefined;
    this.close();
    const phase = !this.isOpen ? 'connecting' : this.#reader.head === undefined ? 'sent' : 'answered';
    user?.onFail(toGatewayError(error, phase));
  }

  onData(bytes: Buffer): void {
    const user = this.#user;
    // Nobody has asked: an answer that comes now must never reach the next request (response queue poisoning).
    if (user === undefined) {
      this.close();
      return;
    }
    switch (this.#reader.read(bytes)) {
      case 'going-on':
        // Its user may have given it up while it read.
        if (this.#user === user) user.onPart();
        break;
      case 'ended':
        if (this.#user === user) this.#end(user);
        break;
      case 'upgraded':
        if (this.#user === user) this.#upgrade(user);
        break;
      case 'invalid':
        if (this.#user === user) this.fail(new GatewayError('upstream-protocol'));
        break;
    }
  }

  onDrain(): void {
    this.#user?.onWritable();
  }

  /** The origin has ended its side. */
  onEnd(): void {
    // Before it stands an error follows that says why.
    if (!this.isOpen) return;
    const user = this.#user;
    if (user !== undefined && this.#reader.isEndedByClose()) {
      this.#user = undefined;
      this.close();
      user.onEnd([]);
    } else if (user === undefined) this.close();
    else this.fail(new GatewayError('upstream-reset'));
  }

  onError(error: Error): void {
    this.fail(error);
  }

  onClose(): void {
    this.fail(new GatewayError(this.isOpen ? 'upstream-reset' : 'upstream-unreachable'));
  }

  #open(): void {
    this.isOpen = true;
    this.#user?.onOpen();
  }

  #end(user: WireUser): void {
    const { head, trailers, rest } = this.#reader;
    this.#user = undefined;
    this.reused = true;
    if (rest !== undefined || !this.#isRequestWhole || head?.keepsAlive !== true) this.close();
    else {
      if (this.#isPaused) this.resume();
      this.#owner.giveBack(this);
    }
    user.onEnd(trailers);
  }

  #upgrade(user: WireUser): void {
    const { head, rest } = this.#reader;
    const socket = this.#socket;
    this.#user = undefined;
    this.#owner.forget(this);
    socket.pause();
    disownStream(socket);
    if (rest !== undefined) socket.unshift(rest);
    user.onUpgrade([...(head?.fields ?? [])], socket);
  }
}
