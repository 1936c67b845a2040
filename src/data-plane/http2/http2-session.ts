// One connection of HTTP/2 (RFC 9113), as far as both roles are the same: frames in, frames out, windows, and what the
// other side may not do. What opens streams and what their heads mean is the role's.
import type { Socket } from 'node:net';
import { FrameReader, type FrameSink } from '../../lib/http2/frame-reader.ts';
import {
  ConnectionFault,
  contentFrom,
  contentTo,
  defaultWindowBytes,
  errorCode,
  frameFlag,
  frameType,
  max31,
  protocolFault,
  readUint31,
  refuseSelfDependence,
  setting,
  sizeFault,
  windowFault,
} from '../../lib/http2/frames.ts';
import { defaultTableBytes, type HeaderList, HpackDecoder } from '../../lib/http2/hpack-decoder.ts';
import { ReceiveWindow } from '../../lib/http2/receive-window.ts';
import { ownStream, type StreamOwner as SocketOwner } from '../../lib/stream-owner.ts';
import { ClosedStreams } from './closed-streams.ts';
import { HeaderBlock } from './header-block.ts';
import type { Http2Stream, StreamOwner } from './http2-stream.ts';
import { IdleFrames } from './idle-frames.ts';
import { Intake } from './intake.ts';
import { Pings } from './pings.ts';
import { SendSide } from './send-side.ts';
import type { SessionOptions, SessionParts } from './session-options.ts';
import { initialPeerSettings, type PeerSettings, readSettings, settingsPayload } from './settings.ts';
import type { TurnWorker } from './turns.ts';

/** A connection, from its first byte to its end. */
export abstract class Http2Session implements FrameSink, SocketOwner<Socket>, StreamOwner, TurnWorker {
  readonly socket: Socket;
  readonly out: SendSide;
  readonly peer: PeerSettings = initialPeerSettings();
  readonly streams = new Map<number, Http2Stream>();
  /** Nothing more is heard nor said; the socket may still have something to write. */
  isOver = false;
  /** Nothing new is begun, and the connection ends with its last stream. */
  isClosing = false;
  /** What broke the connection, if something did. */
  failure: Error | undefined;
  protected readonly parts: SessionParts;
  protected readonly closed = new ClosedStreams();
  readonly #options: SessionOptions;
  readonly #decoder: HpackDecoder;
  readonly #receiveWindow: ReceiveWindow;
  readonly #reader: FrameReader = new FrameReader(this);
  readonly #block: HeaderBlock;
  readonly #idleFrames = new IdleFrames();
  readonly #pings = new Pings();
  protected readonly intake: Intake;
  #hasPeerSettings = false;
  #isDue = false;

  constructor(socket: Socket, options: SessionOptions, parts: SessionParts) {
    this.socket = socket;
    this.parts = parts;
    this.#options = options;
    this.out = new SendSide(socket, parts, options.encoderTableBytes, () => this.flushSoon());
    this.#decoder = new HpackDecoder(options.list);
    this.intake = new Intake(socket, () => this.flushSoon());
    this.#receiveWindow = new ReceiveWindow(options.windowBytes);
    this.#block = new HeaderBlock(options.list.maxBytes);
    // HTTP/2 has no half-closed connections: who ends its side has left.
    socket.allowHalfOpen = false;
    ownStream(socket, this);
  }

  /** Whether a head has begun and is not whole. */
  get isInHead(): boolean {
    return this.#block.stream !== 0 || this.#reader.isInside;
  }

  /** Asks whether the other side is there; `onAnswer` is called once it is. False: there is nobody to ask. */
  ping(onAnswer: () => void): boolean {
    if (this.isOver) return false;
    this.#pings.ask(this.out.writer, onAnswer);
    return true;
  }

  /** Asks the other side to begin nothing more here; what is on its way is still taken (RFC 9113 §6.8). */
  announceEnd(): void {
    if (!this.isOver) this.out.writer.goaway(max31, errorCode.noError);
  }

  /** Takes nothing new, and ends with the last stream that is open. */
  close(): void {
    if (this.isOver || this.isClosing) return;
    this.isClosing = true;
    this.out.writer.goaway(this.lastPeerStream, errorCode.noError);
    if (this.streams.size === 0) this.#finish();
  }

  /** Ends it at once: the other side is told why. */
  fail(code: number, message: string): void {
    if (this.isOver) return;
    this.failure ??= new Error(message);
    this.out.writer.goaway(this.lastPeerStream, code);
    this.#finish();
    this.intake.cutSoon();
    this.#closeStreams(code);
  }

  /** The highest stream that the other side has begun. */
  protected abstract readonly lastPeerStream: number;
  /** Whether neither side has begun a stream of this number. */
  protected abstract isIdle(stream: number): boolean;
  /** A whole header block. @throws ConnectionFault */
  protected abstract onHeaders(stream: number, list: HeaderList, isEnd: boolean): void;
  protected abstract onPeerSettings(): void;
  protected abstract onGoaway(lastStream: number, code: number): void;
  /** A stream has been reset: by the other side, or for its faults. @throws ConnectionFault where it is one too many. */
  protected abstract countReset(stream: Http2Stream | undefined): void;
  /** All that has come with a read has been looked at; or a turn ends, before what is to be written leaves. True: more is not wanted. */
  protected abstract onPause(): boolean;
  /** The socket is closed. */
  protected abstract onGone(): void;

  /** Sends what comes first: a client's preface, the settings, and the window of the connection. */
  protected begin(preface: string): void {
    const { settings, windowBytes } = this.#options;
    if (preface !== '') this.socket.write(preface, 'latin1');
    this.out.writer.settings(settingsPayload(settings));
    this.out.writer.windowUpdate(0, windowBytes - defaultWindowBytes);
  }

  /** A stream's fault that ends no more than it. @throws ConnectionFault */
  protected failStream(id: number, stream: Http2Stream | undefined, code: number): void {
    if (stream !== undefined) stream.reset(code);
    else {
      this.out.writer.reset(id, code);
      this.closed.add(id, true);
    }
    this.countReset(stream);
  }

  onData(bytes: Buffer): void {
    if (this.isOver) {
      this.intake.drop(bytes.length);
      return;
    }
    this.intake.count(bytes.length);
    try {
      this.readBytes(bytes);
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
      this.fail(error.code, error.message);
    }
    if (!this.isOver && this.onPause()) this.intake.hold();
  }

  protected readBytes(bytes: Buffer): void {
    this.#reader.read(bytes);
  }

  onDrain(): void {}

  onEnd(): void {
    this.#leave();
  }

  onError(error: Error): void {
    this.failure ??= error;
  }

  onClose(): void {
    this.#leave();
    this.onGone();
  }

  /** `endTurn` follows at the end of this turn. */
  protected flushSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.parts.turns.add(this);
  }

  endTurn(): void {
    this.#isDue = false;
    if (!this.isOver) this.intake.endTurn(this.onPause());
    this.out.flush();
  }

  consume(bytes: number): void {
    const more = this.#receiveWindow.release(bytes);
    if (more > 0 && !this.isOver) this.out.writer.windowUpdate(0, more);
  }

  onStreamOver(stream: Http2Stream): void {
    this.streams.delete(stream.id);
    this.closed.add(stream.id, stream.isResetHere);
    if (this.isClosing && this.streams.size === 0) this.#finish();
  }

  onFrame(type: number, flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    if (!this.#hasPeerSettings && (type !== frameType.settings || (flags & frameFlag.ack) !== 0)) {
      throw protocolFault('The first frame is not SETTINGS.');
    }
    const awaited = this.#block.stream;
    if (awaited !== 0 && (type !== frameType.continuation || stream !== awaited)) {
      throw protocolFault('Something stands within a header block.');
    }
    switch (type) {
      case frameType.data:
        this.#onData(flags, stream, bytes, from, to);
        break;
      case frameType.headers:
        this.#onHeaders(flags, stream, bytes, from, to);
        break;
      case frameType.continuation:
        this.#onContinuation(flags, bytes, from, to);
        break;
      case frameType.windowUpdate:
        this.#onWindowUpdate(stream, bytes, from, to);
        break;
      case frameType.reset:
        this.#onReset(stream, bytes, from, to);
        break;
      case frameType.settings:
        this.#onSettings(flags, stream, bytes, from, to);
        break;
      case frameType.ping:
        this.#onPing(flags, stream, bytes, from, to);
        break;
      case frameType.goaway:
        if (stream !== 0) throw protocolFault('GOAWAY belongs to no stream.');
        if (to - from < 8) throw sizeFault();
        this.onGoaway(readUint31(bytes, from), bytes.readUInt32BE(from + 4));
        break;
      case frameType.priority:
        this.#onPriority(stream, bytes, from, to);
        break;
      case frameType.pushPromise:
        throw protocolFault('Nobody may push.');
      default:
        this.#idleFrames.count(this.out);
    }
  }

  #onData(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    const stream = this.streams.get(id);
    const size = to - from;
    if (!this.#receiveWindow.take(size)) {
      throw new ConnectionFault(errorCode.flowControlError, 'More has come than may.');
    }
    const start = contentFrom(flags, from);
    const end = contentTo(flags, bytes, from, to, start);
    if (id === 0) throw protocolFault('Data of no stream.');
    if (stream === undefined || stream.isRemoteEnded) {
      this.consume(size);
      this.#onLateFrame(id, stream);
      return;
    }
    const isEnd = (flags & frameFlag.endStream) !== 0;
    if (start < end) this.out.usefulFrames += 1;
    else if (!isEnd) this.#idleFrames.count(this.out);
    let code = stream.receive(bytes.subarray(start, end), size - (end - start));
    if (code < 0 && isEnd && !stream.isClosed) code = stream.receiveEnd([]);
    if (code >= 0) this.failStream(id, stream, code);
  }

  /** DATA or HEADERS for a stream that the other side cannot send on (RFC 9113 §5.1). @throws ConnectionFault */
  #onLateFrame(id: number, stream: Http2Stream | undefined): void {
    if (stream !== undefined) this.failStream(id, stream, errorCode.streamClosed);
    else if (this.isIdle(id)) throw protocolFault('The stream has not begun.');
    else if (this.closed.isResetHere(id)) this.#idleFrames.count(this.out);
    else if (this.closed.isKnown(id))
      throw new ConnectionFault(errorCode.streamClosed, 'The stream is closed.');
    else throw protocolFault('The stream has never been open.');
  }

  #onHeaders(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    if (id === 0) throw protocolFault('A head of no stream.');
    const hasPriority = (flags & frameFlag.priority) !== 0;
    const start = contentFrom(flags, from, hasPriority);
    const end = contentTo(flags, bytes, from, to, start);
    if (hasPriority) refuseSelfDependence(id, bytes, start - 5);
    const isEnd = (flags & frameFlag.endStream) !== 0;
    const part = bytes.subarray(start, end);
    if ((flags & frameFlag.endHeaders) !== 0) this.#onBlock(id, part, isEnd);
    else this.#block.begin(id, isEnd, part);
  }

  #onContinuation(flags: number, bytes: Buffer, from: number, to: number): void {
    const { stream, isLast } = this.#block;
    if (stream === 0) throw protocolFault('CONTINUATION continues nothing.');
    const block = this.#block.add(bytes.subarray(from, to), (flags & frameFlag.endHeaders) !== 0);
    if (block !== undefined) this.#onBlock(stream, block, isLast);
  }

  #onBlock(id: number, block: Buffer, isEnd: boolean): void {
    const list = this.#decoder.decode(block);
    const stream = this.streams.get(id);
    this.out.usefulFrames += 1;
    if (stream?.isRemoteEnded) this.#onLateFrame(id, stream);
    else if (stream === undefined && !this.isIdle(id)) this.#onLateFrame(id, undefined);
    else this.onHeaders(id, list, isEnd);
  }

  #onWindowUpdate(id: number, bytes: Buffer, from: number, to: number): void {
    if (to - from !== 4) throw sizeFault();
    const more = readUint31(bytes, from);
    this.#idleFrames.count(this.out);
    if (id === 0) {
      if (more === 0) throw protocolFault('A window grows by nothing.');
      this.out.window += more;
      if (this.out.window > max31) throw windowFault();
    } else {
      if (this.isIdle(id)) throw protocolFault('The stream has not begun.');
      const stream = this.streams.get(id);
      if (stream === undefined) return;
      if (more === 0) this.failStream(id, stream, errorCode.protocolError);
      else if (!stream.widen(more)) this.failStream(id, stream, errorCode.flowControlError);
    }
    this.out.pump();
  }

  #onReset(id: number, bytes: Buffer, from: number, to: number): void {
    if (to - from !== 4) throw sizeFault();
    if (id === 0 || this.isIdle(id)) throw protocolFault('The stream has not begun.');
    const stream = this.streams.get(id);
    if (stream === undefined) {
      this.#idleFrames.count(this.out);
      return;
    }
    const isAnswered = stream.isEnded;
    stream.close(bytes.readUInt32BE(from));
    if (!isAnswered) this.countReset(stream);
  }

  #onSettings(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    if (id !== 0) throw protocolFault('SETTINGS belong to no stream.');
    if ((flags & frameFlag.ack) !== 0) {
      if (to !== from) throw sizeFault();
      this.#decoder.allow(this.#options.settings.get(setting.headerTableSize) ?? defaultTableBytes);
      return;
    }
    this.#idleFrames.count(this.out);
    const before = this.peer.initialWindowSize;
    readSettings(this.peer, bytes, from, to, this.#options.isServer);
    this.out.encoder.allow(this.peer.headerTableSize);
    const wider = this.peer.initialWindowSize - before;
    for (const stream of this.streams.values()) {
      if (wider !== 0 && !stream.widen(wider)) {
        throw windowFault();
      }
    }
    this.#hasPeerSettings = true;
    this.out.writer.settingsAck();
    this.onPeerSettings();
    this.out.pump();
  }

  #onPing(flags: number, id: number, bytes: Buffer, from: number, to: number): void {
    if (id !== 0) throw protocolFault('PING belongs to no stream.');
    if (to - from !== 8) throw sizeFault();
    if ((flags & frameFlag.ack) === 0) {
      this.#idleFrames.count(this.out);
      this.out.writer.ping(bytes, from, true);
      return;
    }
    if (!this.#pings.hear(bytes, from)) this.#idleFrames.count(this.out);
  }

  /** RFC 9113 §5.3.2: of no use any more, but what was a fault in RFC 7540 §5.3 still is. */
  #onPriority(id: number, bytes: Buffer, from: number, to: number): void {
    if (id === 0) throw protocolFault('PRIORITY of no stream.');
    if (to - from !== 5) throw sizeFault();
    refuseSelfDependence(id, bytes, from);
    this.#idleFrames.count(this.out);
  }

  /** What is written leaves, then this side of the socket ends. */
  #finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.out.flush();
    this.socket.end();
    this.intake.end();
  }

  /** The other side is gone, and its streams with it. */
  #leave(): void {
    this.isOver = true;
    this.#closeStreams(errorCode.cancel);
  }

  #closeStreams(code: number): void {
    for (const stream of [...this.streams.values()]) stream.close(code);
    this.streams.clear();
  }
}
