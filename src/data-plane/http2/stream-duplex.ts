// A stream of HTTP/2 as a stream of Node, for tunnels: they are joined to whatever is on their other side.
import { Duplex } from 'node:stream';
import { errorCode } from '../../lib/http2/frames.ts';
import type { Http2Stream, StreamUser } from './http2-stream.ts';

/** Takes the stream over. Destroyed before both sides have ended, it resets it; a reset from there destroys it. */
export class StreamDuplex extends Duplex implements StreamUser {
  readonly #stream: Http2Stream;
  #onWritten: (() => void) | undefined;

  constructor(stream: Http2Stream) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
    stream.user = this;
  }

  override _read(): void {
    this.#stream.read();
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    if (this.#stream.write(bytes)) done();
    else this.#onWritten = done;
  }

  override _final(done: () => void): void {
    this.#stream.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stream.reset(error === null ? errorCode.cancel : errorCode.internalError);
    done(error);
  }

  onStreamData(bytes: Buffer): boolean {
    return this.push(bytes);
  }

  onStreamEnd(): void {
    this.push(null);
  }

  onStreamDrain(): void {
    const done = this.#onWritten;
    this.#onWritten = undefined;
    done?.();
  }

  onStreamClose(): void {
    if (this.#stream.resetCode >= 0) this.destroy();
  }
}
