// How @fastify/http-proxy is set up: each of its own habits that this gateway must not have is replaced or switched off
// here, by its documented options.
import { type IncomingMessage, METHODS } from 'node:http';
import type { FastifyHttpProxyOptions } from '@fastify/http-proxy';
import type { FastifyRequest } from 'fastify';
import type { LaneCore } from '../lane.ts';
import { fail } from './fail.ts';
import { type FastifyPassage, findPassage, setPassage } from './fastify-passage.ts';
import type { EarlyBytes } from './hold-early-bytes.ts';
import { judge } from './judge.ts';
import { type PendingAnswer, toCarrier, transport } from './transport.ts';

/** For one entry point. `earlyBytes` has those of each request whose connection may become a tunnel. */
export function createProxyOptions(
  core: LaneCore,
  earlyBytes: WeakMap<IncomingMessage, EarlyBytes>,
): FastifyHttpProxyOptions {
  return {
    // Each request has its own: see getUpstream.
    upstream: '',
    routes: ['/'],
    httpMethods: [...METHODS],
    // Bodies stay in Node's request until the transport pulls them.
    proxyPayloads: false,
    preHandler(request, reply, done) {
      judge(core, request.raw, reply, earlyBytes.get(request.raw), (passage) => {
        setPassage(request, passage);
        done();
      });
    },
    // Its own gives the reply back, and Fastify would listen for the end of a response that is not Fastify's.
    handler(_request, reply, destination, options) {
      reply.from(destination, options);
    },
    undici: transport as unknown as NonNullable<FastifyHttpProxyOptions['undici']>,
    disableRequestLogging: true,
    internalRewriteLocationHeader: false,
    replyOptions: {
      // Kept by the plugin with what it parses of it: nothing of a client may be in here.
      getUpstream: (request) => originOf(passageOf(request)),
      rewriteRequestHeaders: (request) => toCarrier(passageOf(request)),
      // By itself it sends a GET that was answered by 503 up to ten times more.
      retryDelay: () => null,
      onResponse: (_request, _reply, { stream }) => (stream as unknown as PendingAnswer).begin(),
      onError: (reply, { error }) => fail(passageOf(reply.request), error.cause ?? error),
    },
  };
}

/** Of a staged request no replica has been chosen yet; nobody here looks at the name but the plugin, which wants one. */
function originOf({ destination }: FastifyPassage): string {
  return destination?.kind === 'forward' ? destination.replica.origin : 'http://staged';
}

/** Of a request that is being forwarded. */
function passageOf(request: Pick<FastifyRequest, 'getDecorator'>): FastifyPassage {
  const passage = findPassage(request);
  if (passage === null) throw new Error('A request was forwarded that nobody has judged.');
  return passage;
}
