// Judges one request, before @fastify/http-proxy gets to see it: reads its head and lets decide say what shall happen.
// What the gateway answers itself is answered here. Whatever is thrown on the way ends in the one answer of
// exchange/rescue and costs only this exchange.
import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { GatewayError } from '../../../model/errors.ts';
import { decide, stagesAround, type Verdict } from '../../exchange/decide.ts';
import type { IncomingHead } from '../../exchange/read-request.ts';
import type { Connection, Ending } from '../connection-book.ts';
import type { LaneCore } from '../lane.ts';
import { recordPassage } from '../record-passage.ts';
import { answer } from './answer.ts';
import { fail } from './fail.ts';
import { FastifyPassage } from './fastify-passage.ts';
import type { EarlyBytes } from './hold-early-bytes.ts';

/** Calls `onForward`, later where a middleware has to wait, only if the request is to be forwarded. */
type OnForward = (passage: FastifyPassage) => void;

/** With `early` the socket has left Node's HTTP server and may become a tunnel. */
export function judge(
  core: LaneCore,
  request: IncomingMessage,
  reply: FastifyReply,
  early: EarlyBytes | undefined,
  onForward: OnForward,
): void {
  const response = reply.raw;
  // A request that was still in the parser when its connection closed.
  if (request.socket.destroyed) return;
  const connection = core.connections.of(request.socket);
  // Sent behind a request that was refused as ambiguous: it may be a part of that one (RFC 9112 §9.6).
  if (connection.isGivenUp) return;
  connection.requests += 1;
  connection.underWay += 1;
  const exchange = core.readRequest(toIncomingHead(request, connection, early !== undefined));
  const passage = new FastifyPassage(core, exchange, connection, { request, response, reply, early });
  if (early === undefined && request.headers.upgrade !== undefined) {
    // Node's parser stops behind such a request also when nobody obeys it, and Node drops what came with it in one packet:
    // the rest of what the client has sent would be read from the middle, a body as a request.
    connection.isGivenUp = true;
    response.shouldKeepAlive = false;
  }
  if (core.writeTimeoutMs > 0) limitTime(passage, core.writeTimeoutMs);
  const end = (): void => {
    if (!connection.endings.delete(ending) || passage.isTunnel) return;
    connection.underWay -= 1;
    // The client has left before its answer was complete: nobody waits for the upstream any more.
    if (!response.writableFinished) {
      response.destroy();
      passage.upstream?.abort();
    }
    // A connection that was busy when the gateway began to end, and has not been told so in its last head.
    if (connection.underWay === 0 && core.connections.isRetired()) request.socket.destroySoon();
    recordPassage(passage, response.headersSent ? response.statusCode : 0);
  };
  const ending: Ending = {
    // Node closes the connection when all that was written is taken: never, where nobody reads. Until then the replica
    // would work for nobody.
    onLeave() {
      if (response.headersSent && !response.writableEnded) passage.upstream?.abort();
    },
    onClose: end,
  };
  // Node tells a response that waits behind another, pipelined one nothing when the connection closes.
  connection.endings.add(ending);
  response.once('close', end);
  try {
    // Node's parser also takes 0.9 and 2.0 in a request line.
    if (request.httpVersionMajor !== 1) throw new GatewayError('bad-request');
    carryOut(passage, decide(core.snapshot(), exchange, passage.route), onForward);
  } catch (error) {
    refuse(passage, error, onForward);
  }
}

function carryOut(passage: FastifyPassage, verdict: Verdict, onForward: OnForward): void {
  switch (verdict.kind) {
    case 'respond':
      answer(passage, verdict.answer);
      return;
    case 'forward':
    case 'staged':
      passage.destination = verdict;
      onForward(passage);
      return;
    case 'wait':
      verdict.verdict
        .then((settled) => {
          if (!passage.response.destroyed) carryOut(passage, settled, onForward);
        })
        .catch((error: unknown) => refuse(passage, error, onForward));
  }
}

/** Stages that the request has met hear of the error first. */
function refuse(passage: FastifyPassage, error: unknown, onForward: OnForward): void {
  const verdict = passage.destination === undefined ? stagesAround(passage.exchange, error) : undefined;
  if (verdict === undefined) fail(passage, error);
  else carryOut(passage, verdict, onForward);
}

/** A tunnel has no response that could take too long. */
function limitTime(passage: FastifyPassage, limitMs: number): void {
  const timer = setTimeout(() => {
    if (!passage.isTunnel) passage.request.socket.destroy();
  }, limitMs).unref();
  passage.response.once('close', () => clearTimeout(timer));
}

function toIncomingHead(request: IncomingMessage, connection: Connection, canUpgrade: boolean): IncomingHead {
  const { headers } = request;
  const length = headers['content-length'];
  return {
    method: request.method ?? '',
    // Fastify routes nothing: rewriteUrl gives it a constant and leaves the target here.
    target: (request as { originalUrl?: string }).originalUrl ?? request.url ?? '',
    httpVersion: request.httpVersionMinor === 0 ? '1.0' : '1.1',
    rawHeaders: request.rawHeaders,
    clientAddress: connection.address,
    clientPort: connection.port,
    isTls: 'encrypted' in request.socket,
    hasBody: headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0'),
    canUpgrade,
  };
}
