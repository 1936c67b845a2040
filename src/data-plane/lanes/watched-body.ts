// The body of a request, with word of when all of it is on its way.
import type { GatewayError } from '../../model/errors.ts';
import type { BodySink, RequestBody } from '../live-state/upstream.ts';

/** The same body; `onEnd` is called when its last part has been handed on. */
export function watchBody(body: RequestBody, onEnd: () => void): RequestBody {
  return {
    begin: (sink) => body.begin(new WatchedSink(sink, onEnd)),
    resume: () => body.resume(),
    cancel: () => body.cancel(),
  };
}

class WatchedSink implements BodySink {
  readonly #sink: BodySink;
  readonly #onEnd: () => void;

  constructor(sink: BodySink, onEnd: () => void) {
    this.#sink = sink;
    this.#onEnd = onEnd;
  }

  onBodyData(chunk: Buffer): boolean {
    return this.#sink.onBodyData(chunk);
  }

  onBodyEnd(): void {
    this.#sink.onBodyEnd();
    this.#onEnd();
  }

  onBodyError(error: GatewayError): void {
    this.#sink.onBodyError(error);
  }
}
