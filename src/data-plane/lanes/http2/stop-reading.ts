// The end of a stream whose answer is whole before its request is.
import { constants, type ServerHttp2Stream } from 'node:http2';

/**
 * Tells the client, when the answer is on its way, that no more of the request is wanted: a reset by NO_ERROR, which does
 * not make the answer less whole (RFC 9113 §8.1).
 */
export function stopReadingAfter(stream: ServerHttp2Stream): void {
  stream.resume();
  if (stream.writableFinished) setImmediate(stopReading, stream);
  else stream.once('finish', () => setImmediate(stopReading, stream));
}

/** On the turn after next: the end of the answer, or its trailers, must be on their way before the reset. */
function stopReading(stream: ServerHttp2Stream): void {
  setImmediate(() => {
    if (!stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}
