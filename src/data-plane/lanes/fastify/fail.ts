// The end of a passage that went wrong: an answer while there can be one, else a cut.
import { acceptOf } from '../../exchange/decide.ts';
import { rescue } from '../../exchange/rescue.ts';
import { reportFault } from '../report-fault.ts';
import { answer } from './answer.ts';
import type { FastifyPassage } from './fastify-passage.ts';

/** How long what has come of a broken response may take to reach the client before the connection is cut. */
const cutAfterMs = 5_000;

/** Ends the passage with an error. Never gives a clean end to a response that has begun. */
export function fail(passage: FastifyPassage, error: unknown): void {
  const { exchange, response } = passage;
  const known = reportFault(passage, error);
  passage.hasFailed = true;
  if (response.destroyed) return;
  if (response.headersSent) {
    cut(passage);
    return;
  }
  if (known.code === 'bad-request' || known.code === 'bad-host') {
    passage.connection.isGivenUp = true;
    response.shouldKeepAlive = false;
  }
  answer(passage, rescue(known, acceptOf(exchange), exchange.requestId));
}

/**
 * What has come is delivered, then the connection closes without the end that would make the response look whole: no
 * terminating chunk, or fewer bytes than announced (RFC 9112 §8). To an HTTP/1.0 client the close itself is the end, so
 * it gets a reset.
 */
function cut({ exchange, request, response }: FastifyPassage): void {
  const { socket } = request;
  if (exchange.httpVersion === '1.0' && !response.hasHeader('content-length')) {
    socket.resetAndDestroy();
    return;
  }
  socket.destroySoon();
  setTimeout(() => socket.destroy(), cutAfterMs).unref();
}
