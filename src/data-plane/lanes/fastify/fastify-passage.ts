// A passage through the Fastify lane: what every lane keeps, and the two objects of Node.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UpstreamExchange } from '../../live-state/upstream.ts';
import type { Passage } from '../passage.ts';
import type { EarlyBytes } from './hold-early-bytes.ts';

/** One request on its way through this lane. */
export type FastifyPassage = Passage & {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Present while the connection may become a tunnel. */
  readonly early: EarlyBytes | undefined;
  /** Of the attempt under way. */
  upstream: UpstreamExchange | undefined;
};
