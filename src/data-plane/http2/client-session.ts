// A connection of HTTP/2 whose other side is a server: its streams are requests of this side.
import type { Socket } from 'node:net';
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import { clientPreface, errorCode, max31, protocolFault } from '../../lib/http2/frames.ts';
import type { HeaderList } from '../../lib/http2/hpack-decoder.ts';
import { areTrailers, shapeOfAnswer } from '../../lib/http2/message-rules.ts';
import { Http2Session } from './http2-session.ts';
import { Http2Stream, type StreamUser } from './http2-stream.ts';
import type { SessionOptions, SessionParts } from './session-options.ts';

/** Who waits for an answer. */
export type AnswerUser = StreamUser & {
  /** An interim answer (RFC 9110 §15.2). */
  onInterim(status: number, fields: Fields): void;
  /** `isLast`: nothing follows. */
  onAnswer(status: number, fields: Fields, isLast: boolean): void;
};

/** Who has a connection. */
export type ClientOwner = {
  /** The other side has said what it allows, for the first time or anew. */
  onSettings(): void;
  /** It takes nothing new. */
  onGoaway(): void;
  /** The connection is closed. */
  onGone(failure: Error | undefined): void;
};

/** A request. */
class RequestStream extends Http2Stream {
  readonly answerUser: AnswerUser;
  /** Its answer has no body, whatever its length says (RFC 9110 §9.3.2). */
  readonly isHead: boolean;
  isAnswered = false;

  constructor(id: number, session: ClientSession, isHead: boolean, user: AnswerUser) {
    super(id, session, session.peer.initialWindowSize);
    this.isHead = isHead;
    this.answerUser = user;
    this.user = user;
  }
}

/** Asks a server. */
export class ClientSession extends Http2Session {
  readonly #owner: ClientOwner;
  /** Servers begin nothing: pushes are not allowed. */
  protected readonly lastPeerStream = 0;
  #next = 1;

  constructor(socket: Socket, options: SessionOptions, parts: SessionParts, owner: ClientOwner) {
    super(socket, options, parts);
    this.#owner = owner;
    this.begin(clientPreface);
  }

  /** Whether another request can be sent: not after an end has been agreed on, nor when numbers run out (RFC 9113 §5.1.1). */
  get isOpen(): boolean {
    return !this.isOver && !this.isClosing && this.#next < max31;
  }

  /** Sends a request's head; values must be legal. `isEnd`: and nothing else. What comes back is given at once. */
  open(fields: ReadonlyFields, isEnd: boolean, isHead: boolean, user: AnswerUser): Http2Stream {
    const stream = new RequestStream(this.#next, this, isHead, user);
    this.#next += 2;
    this.streams.set(stream.id, stream);
    stream.sendHead(fields, isEnd);
    stream.read();
    return stream;
  }

  /** A server has nothing to hear of why. */
  override fail(code: number, message: string): void {
    super.fail(code, message);
    this.socket.destroySoon();
  }

  protected isIdle(stream: number): boolean {
    return stream >= this.#next || stream % 2 === 0;
  }

  protected onHeaders(id: number, list: HeaderList, isEnd: boolean): void {
    const stream = this.streams.get(id) as RequestStream | undefined;
    if (stream === undefined) throw protocolFault('An answer that nobody has asked for.');
    const code = this.#judge(stream, list, isEnd);
    if (code >= 0) this.failStream(id, stream, code);
  }

  /** Takes a head, an interim one, or trailers; gives the code of what is wrong with them, or -1. */
  #judge(stream: RequestStream, list: HeaderList, isEnd: boolean): number {
    if (list.isMalformed) return errorCode.protocolError;
    if (list.isTooLarge) return errorCode.enhanceYourCalm;
    if (stream.isAnswered) {
      return isEnd && areTrailers(list.fields) ? stream.receiveEnd(list.fields) : errorCode.protocolError;
    }
    const shape = shapeOfAnswer(list.fields);
    if (shape === undefined) return errorCode.protocolError;
    const { status, length } = shape;
    const fields = list.fields.slice(2);
    if (status < 200) {
      if (isEnd) return errorCode.protocolError;
      stream.answerUser.onInterim(status, fields);
      return -1;
    }
    stream.isAnswered = true;
    if (!isEnd && !stream.isHead && status !== 204 && status !== 304) stream.expect(length);
    stream.answerUser.onAnswer(status, fields, isEnd);
    return isEnd && !stream.isClosed ? stream.receiveEnd([]) : -1;
  }

  protected countReset(): void {}

  protected onPeerSettings(): void {
    this.#owner.onSettings();
  }

  /** RFC 9113 §6.8: nothing has been done with what is above the last stream. */
  protected onGoaway(lastStream: number): void {
    this.#owner.onGoaway();
    for (const stream of [...this.streams.values()]) {
      if (stream.id > lastStream) stream.close(errorCode.refusedStream);
    }
    this.close();
  }

  protected onPause(): boolean {
    return false;
  }

  protected onGone(): void {
    this.#owner.onGone(this.failure);
  }
}
