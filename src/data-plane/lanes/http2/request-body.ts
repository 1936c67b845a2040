// The body of an HTTP/2 request as a stream of its own: whoever sends it may destroy it, and the client's stream, on
// which the answer goes out, stays.
import type { ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { GatewayError } from '../../../model/errors.ts';

/** What the body tells of itself. */
export type BodyIo = {
  /** The client waits for 100 before it sends. */
  readonly expectsContinue: boolean;
  onBytes(count: number): void;
  /** All of it has come. */
  onWhole(): void;
};

/**
 * Nothing is read before somebody pulls, so a refused connection has taken nothing. A body that the client breaks off,
 * by whatever code, ends in an error, never cleanly: a truncated upload must not look whole to the upstream.
 */
export function createRequestBody(stream: ServerHttp2Stream, io: BodyIo): Readable {
  let started = false;
  const onData = (chunk: Buffer): void => {
    io.onBytes(chunk.length);
    if (!body.push(chunk)) stream.pause();
  };
  const onEnd = (): void => {
    // Node ends the stream in this way also when the client resets it with NO_ERROR.
    if (stream.aborted) {
      body.destroy(new GatewayError('client-closed'));
      return;
    }
    io.onWhole();
    body.push(null);
  };
  const onClose = (): void => {
    if (!body.readableEnded) body.destroy(new GatewayError('client-closed'));
  };

  const body = new Readable({
    read() {
      if (!started) {
        started = true;
        if (io.expectsContinue && !stream.headersSent && !stream.destroyed) {
          stream.additionalHeaders({ ':status': 100 });
        }
        stream.on('data', onData).once('end', onEnd).once('close', onClose);
      }
      stream.resume();
    },
    destroy(error, done) {
      // What still comes is thrown away: the client's flow control must not hold up its other requests.
      stream.off('data', onData).off('end', onEnd).off('close', onClose).resume();
      done(error);
    },
  });
  return body;
}
