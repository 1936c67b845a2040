// A passage through the Fastify lane: what every lane keeps, and what belongs to Node and Fastify. It travels on Fastify's
// request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ForwardVerdict, StagedVerdict } from '../../exchange/decide.ts';
import type { IncomingExchange } from '../../exchange/read-request.ts';
import type { UpstreamExchange } from '../../live-state/upstream.ts';
import type { BodyListener } from '../client-body.ts';
import type { Connection } from '../connection-book.ts';
import type { LaneCore } from '../lane.ts';
import { Passage } from '../passage.ts';
import type { EarlyBytes } from './hold-early-bytes.ts';

/** What Node and Fastify have of a request. */
export type NodeExchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Hijacked as soon as a head goes to the client; until then Fastify could still answer. */
  readonly reply: Pick<FastifyReply, 'hijack'>;
  /** Present while the connection may become a tunnel. */
  readonly early: EarlyBytes | undefined;
};

/** One request on its way through this lane. */
export class FastifyPassage extends Passage implements BodyListener {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly reply: Pick<FastifyReply, 'hijack'>;
  readonly early: EarlyBytes | undefined;
  /** Where decide sends it; undefined until it does. */
  destination: ForwardVerdict | StagedVerdict | undefined;
  /** What has been sent for it. */
  upstream: UpstreamExchange | undefined;
  /** It has ended with an error. */
  hasFailed = false;
  /** The client has been asked for its body. */
  #isBodyWanted = false;

  constructor(core: LaneCore, exchange: IncomingExchange, connection: Connection, node: NodeExchange) {
    super(core, exchange, connection);
    this.request = node.request;
    this.response = node.response;
    this.reply = node.reply;
    this.early = node.early;
  }

  /** The client waits to be asked for its body, and nobody has asked: it may or may not send it. */
  get holdsBody(): boolean {
    return this.exchange.expectsContinue && this.exchange.hasBody && !this.#isBodyWanted;
  }

  onBodyWanted(): void {
    this.#isBodyWanted = true;
    if (this.exchange.expectsContinue && !this.response.headersSent) this.response.writeContinue();
  }

  onBodyBytes(count: number): void {
    this.requestBytes += count;
  }

  /** Node knows by itself (`complete`). */
  onBodyWhole(): void {}
}

const decorator = 'passage';

/** Lets requests of this instance carry a passage. */
export function decorateRequests(app: { decorateRequest(name: string, value: null): unknown }): void {
  app.decorateRequest(decorator, null);
}

/** Puts a passage onto its request. */
export function setPassage(request: Pick<FastifyRequest, 'setDecorator'>, passage: FastifyPassage): void {
  request.setDecorator(decorator, passage);
}

/** The passage of a request; null before it was judged. */
export function findPassage(request: Pick<FastifyRequest, 'getDecorator'>): FastifyPassage | null {
  return request.getDecorator<FastifyPassage | null>(decorator);
}
