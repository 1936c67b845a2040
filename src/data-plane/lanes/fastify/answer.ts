// Writes an answer that the gateway gives itself.
import { rewriteResponse } from '../../exchange/rewrite-response.ts';
import { type Answer, bodyOf } from '../../middlewares/exchange.ts';
import type { FastifyPassage } from './fastify-passage.ts';

/** How long the rest of a body that nobody wants is read, so that the client gets to read the answer. */
const lingerMs = 5_000;

/** Sends it. The response rewrites of the middlewares that had their turn apply to it as to any other. */
export function answer(passage: FastifyPassage, given: Answer): void {
  const { status, fields } = given;
  const { exchange, response } = passage;
  if (response.destroyed || response.headersSent) return;
  rewriteResponse(exchange, fields);
  finishHead(passage);
  const bytes = bodyOf(given);
  if (status !== 204 && status !== 304) fields.push('Content-Length', String(bytes.length));
  try {
    response.writeHead(status, fields);
  } catch (err) {
    // Node refuses a field that a middleware has written, such as one with a line break in it.
    passage.core.log.error(
      { err, requestId: exchange.requestId },
      'An answer has a field that HTTP does not allow.',
    );
    response.shouldKeepAlive = false;
    response.writeHead(500, ['Content-Length', '0']).end();
    return;
  }
  passage.responseBytes = exchange.method === 'HEAD' ? 0 : bytes.length;
  response.end(bytes);
  lingerOver(passage);
}

/** What every head to a client goes through last. From here on Fastify answers nothing. */
export function finishHead(passage: FastifyPassage): void {
  passage.reply.hijack();
  const { connection, core, request, response } = passage;
  if (core.connections.isLast(connection)) response.shouldKeepAlive = false;
  // With a body that may or may not come the next bytes would be ambiguous.
  if (passage.holdsBody && !request.complete) response.shouldKeepAlive = false;
}

/** Reads on for a while, then closes: RFC 9112 §9.6 warns that closing at once may take the answer away again. */
export function lingerOver({ request }: FastifyPassage): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMs).unref();
  request.once('close', () => clearTimeout(timer));
}
