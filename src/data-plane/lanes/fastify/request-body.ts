// The body of a request as a stream of its own. undici destroys the stream that it sends when an answer comes early;
// were that the client's request itself, the client's connection would go with it.
import { Readable } from 'node:stream';
import { GatewayError } from '../../../model/errors.ts';
import type { FastifyPassage } from './fastify-passage.ts';

/**
 * Nothing is read before somebody pulls, so a refused connection has taken nothing. A body that the client breaks off
 * ends in an error, never cleanly: a truncated upload must not look whole to the upstream.
 */
export function createRequestBody(passage: FastifyPassage): Readable {
  const { exchange, request, response } = passage;
  let started = false;

  const onData = (chunk: Buffer): void => {
    passage.requestBytes += chunk.length;
    if (!body.push(chunk)) request.pause();
  };
  const onEnd = (): void => {
    body.push(null);
  };
  const onClose = (): void => {
    if (!request.complete) body.destroy(new GatewayError('client-closed'));
  };

  const body = new Readable({
    read() {
      if (!started) {
        started = true;
        if (exchange.expectsContinue && !response.headersSent) response.writeContinue();
        request.on('data', onData).once('end', onEnd).once('close', onClose);
      }
      request.resume();
    },
    destroy(error, done) {
      // What still comes is thrown away, so that the client can read the answer.
      request.off('data', onData).off('end', onEnd).off('close', onClose).resume();
      done(error);
    },
  });
  return body;
}
