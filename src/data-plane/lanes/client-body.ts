// The body of a client's request as those take it that send it on. Cancelling it leaves the client's stream as it is: the
// answer still goes out there. Bodies come with most requests of gRPC, so one costs an object and no closures.
import type { Readable } from 'node:stream';
import { GatewayError } from '../../model/errors.ts';
import type { BodySink, RequestBody } from '../live-state/upstream.ts';

/** The stream that it comes by. `aborted`: the client has broken it off, also where the stream ends as if it were whole. */
export type BodySource = Readable & { readonly aborted: boolean };

/** Who hears of it besides the sink. */
export type BodyListener = {
  /** It is read from now on: a client that waits to be asked (RFC 9110 §10.1.1) is asked. */
  onBodyWanted(): void;
  onBodyBytes(count: number): void;
  /** All of it has come. */
  onBodyWhole(): void;
};

const ofSource = Symbol('body');
type OwnedSource = BodySource & { [ofSource]?: ClientBody | undefined };

/**
 * Nothing is read before `begin`, so a refused connection has taken nothing. What the client breaks off ends in an error,
 * never cleanly: a truncated upload must not look whole to the upstream.
 */
export class ClientBody implements RequestBody {
  readonly #source: OwnedSource;
  readonly #listener: BodyListener;
  #sink: BodySink | undefined;
  #isOver = false;

  constructor(source: BodySource, listener: BodyListener) {
    this.#source = source;
    this.#listener = listener;
  }

  begin(sink: BodySink): void {
    if (this.#isOver) return;
    this.#sink = sink;
    this.#source[ofSource] = this;
    this.#listener.onBodyWanted();
    this.#source.on('data', onData).on('end', onEnd).on('close', onClose).resume();
  }

  resume(): void {
    if (this.#sink !== undefined && !this.#isOver) this.#source.resume();
  }

  cancel(): void {
    // Before it has begun nothing has been read, and a further attempt may begin it.
    if (this.#sink === undefined) return;
    this.#leave();
    // The client's flow control must not hold up its other requests, and it shall get to read the answer.
    this.#source.off('data', onData).off('end', onEnd).off('close', onClose).resume();
  }

  onData(chunk: Buffer): void {
    this.#listener.onBodyBytes(chunk.length);
    if (this.#sink?.onBodyData(chunk) === false && !this.#isOver) this.#source.pause();
  }

  onEnd(): void {
    if (this.#source.aborted) {
      this.onClose();
      return;
    }
    const sink = this.#leave();
    this.#listener.onBodyWhole();
    sink?.onBodyEnd();
  }

  /** The stream has closed before its end. */
  onClose(): void {
    this.#leave()?.onBodyError(new GatewayError('client-closed'));
  }

  #leave(): BodySink | undefined {
    const sink = this.#sink;
    this.#isOver = true;
    this.#sink = undefined;
    if (this.#source[ofSource] === this) this.#source[ofSource] = undefined;
    return sink;
  }
}

function onData(this: OwnedSource, chunk: Buffer): void {
  this[ofSource]?.onData(chunk);
}
function onEnd(this: OwnedSource): void {
  this[ofSource]?.onEnd();
}
function onClose(this: OwnedSource): void {
  this[ofSource]?.onClose();
}
