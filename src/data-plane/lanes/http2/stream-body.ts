// The body of a request on a stream, as those take it that send it on.
import { GatewayError } from '../../../model/errors.ts';
import type { Http2Stream } from '../../http2/http2-stream.ts';
import type { BodySink, RequestBody } from '../../live-state/upstream.ts';
import type { BodyListener } from '../client-body.ts';

/**
 * Nothing is taken before `begin`, so a refused connection has taken nothing, and the next attempt has all of it. What the
 * client breaks off ends in an error, never cleanly: a truncated upload must not look whole to the upstream.
 */
export class StreamBody implements RequestBody {
  readonly #stream: Http2Stream;
  readonly #listener: BodyListener;
  #sink: BodySink | undefined;

  constructor(stream: Http2Stream, listener: BodyListener) {
    this.#stream = stream;
    this.#listener = listener;
  }

  begin(sink: BodySink): void {
    this.#sink = sink;
    this.#listener.onBodyWanted();
    this.#stream.read();
  }

  resume(): void {
    if (this.#sink !== undefined) this.#stream.read();
  }

  cancel(): void {
    if (this.#leave() !== undefined) this.#stream.discard();
  }

  /** A part has come. Gives false when no more shall come until `resume`. */
  take(bytes: Buffer): boolean {
    this.#listener.onBodyBytes(bytes.length);
    return this.#sink?.onBodyData(bytes) ?? true;
  }

  /** All of it has come. */
  end(): void {
    this.#listener.onBodyWhole();
    this.#leave()?.onBodyEnd();
  }

  /** The stream has closed before its end. */
  fail(): void {
    this.#leave()?.onBodyError(new GatewayError('client-closed'));
  }

  #leave(): BodySink | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    return sink;
  }
}
