// Carries out `forward` and what stages make of a request: sends the exchange on and brings its answer back, both as
// streams. The exchange is taken from the passage, not from what @fastify/http-proxy makes of it: there GET has no body
// (CosyVoice's own clients send one) and repeated fields are folded.
import type { GatewayError } from '../../../model/errors.ts';
import type { ForwardVerdict, StagedVerdict } from '../../exchange/decide.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../../live-state/upstream.ts';
import { ClientBody } from '../client-body.ts';
import { sendThrough, toServiceRequest } from '../send-through.ts';
import { ServiceRequest } from '../service-request.ts';
import { fail } from './fail.ts';
import type { FastifyPassage } from './fastify-passage.ts';
import { createRelay } from './relay.ts';
import { becomeTunnel } from './tunnel.ts';

/** Who hears of the outcome. At most one is called, and once: neither when the client has left or has an answer. */
export type ForwardEvents = {
  /** A head has come. `begin` relays it; it must be called before this returns, or the upstream be aborted. */
  onAnswer(begin: () => void): void;
  /** There is no answer, or a protocol was changed to that nobody asked for. */
  onFailure(error: GatewayError): void;
};

/** Sends it, and tells of the first that comes back. */
export function forward(
  passage: FastifyPassage,
  verdict: ForwardVerdict | StagedVerdict,
  events: ForwardEvents,
): void {
  const { exchange, request } = passage;
  const relay = createRelay(passage);
  let answered = false;
  const handler: UpstreamHandler = {
    onInformation: relay.onInformation,
    onHead(status, fields) {
      answered = true;
      events.onAnswer(() => relay.onHead(status, fields));
    },
    onData: relay.onData,
    onEnd: relay.onEnd,
    onUpgrade: (fields, socket) => becomeTunnel(passage, fields, socket),
    onError(error) {
      // The client has left, or has its answer already: the lane gave the upstream up.
      if (passage.response.destroyed || passage.hasFailed) return;
      if (answered) fail(passage, error);
      else events.onFailure(error);
    },
  };
  const body = exchange.hasBody ? new ClientBody(request, passage) : undefined;
  passage.upstream = send(passage, verdict, toServiceRequest(exchange, body), handler);
  // The client may have left while a middleware had to wait.
  if (passage.response.destroyed) passage.upstream.abort();
}

function send(
  passage: FastifyPassage,
  verdict: ForwardVerdict | StagedVerdict,
  request: UpstreamRequest,
  handler: UpstreamHandler,
): UpstreamExchange {
  if (verdict.kind === 'staged') return sendThrough(passage, verdict.core, request, handler);
  const sent = new ServiceRequest({ passage, service: verdict.service, request, handler, notes: passage });
  sent.sendTo(verdict.replica);
  return sent;
}
