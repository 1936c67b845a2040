// The way back: an upstream's answer becomes the client's, chunk by chunk as it comes, with back-pressure.

import { forwardableResponseFields, forwardableTrailers } from '../../../lib/forwardable-fields.ts';
import type { Fields, ReadonlyFields } from '../../../lib/header-fields.ts';
import { fieldOf, removeField } from '../../../lib/header-fields.ts';
import { GatewayError } from '../../../model/errors.ts';
import { rewriteOutside } from '../../exchange/rewrite-response.ts';
import { maxInterimAnswers } from '../interim-limit.ts';
import { finishHead, lingerOver } from './answer.ts';
import { fail } from './fail.ts';
import type { FastifyPassage } from './fastify-passage.ts';

/** What to do with each part of an upstream’s answer. */
export type Relay = {
  onInformation(status: number, fields: Fields): void;
  onHead(status: number, fields: ReadonlyFields): void;
  onData(chunk: Buffer): boolean;
  onEnd(trailers: Fields): void;
};

/** The relay of one attempt; it writes to the client’s response. */
export function createRelay(passage: FastifyPassage): Relay {
  const { exchange, response } = passage;
  const passTrailers = exchange.takesTrailers && exchange.httpVersion === '1.1';
  let waitsForDrain = false;
  let interimAnswers = 0;

  return {
    onInformation(status, fields) {
      // HTTP/1.0 knows no interim answers (RFC 9110 §15.2).
      if (exchange.httpVersion === '1.0' || response.headersSent || response.destroyed) return;
      interimAnswers += 1;
      if (interimAnswers > maxInterimAnswers) {
        const reason = 'The replica gave interim answers without end.';
        fail(passage, new GatewayError('upstream-protocol', { reason }));
        passage.upstream?.abort();
        return;
      }
      response.writeInformation(status, forwardableResponseFields(fields, false));
    },
    onHead(status, upstreamFields) {
      if (response.destroyed) return;
      const fields = forwardableResponseFields(upstreamFields, passTrailers);
      // RFC 9110 §8.6: not with 204; some clients wait for the bytes all the same.
      if (status === 204) removeField(fields, 'content-length');
      rewriteOutside(exchange, fields);
      finishHead(passage);
      passage.isEventStream = fieldOf(fields, 'content-type')?.startsWith('text/event-stream') ?? false;
      try {
        response.writeHead(status, fields);
      } catch (cause) {
        // A field that is not allowed in HTTP: from the upstream, or written so by a middleware.
        fail(passage, new GatewayError('upstream-protocol', { cause }));
        passage.upstream?.abort();
        return;
      }
      // Responses that can have no body end at once, and Node takes no bytes for them.
      if (exchange.method !== 'HEAD' && status !== 204 && status !== 304) sendHeadSoon(passage);
    },
    onData(chunk) {
      passage.responseBytes += chunk.length;
      if (response.destroyed || response.write(chunk)) return true;
      if (!waitsForDrain) {
        waitsForDrain = true;
        response.on('drain', () => passage.upstream?.resume());
      }
      return false;
    },
    onEnd(trailers) {
      if (response.destroyed) return;
      if (passTrailers && trailers.length > 0) response.addTrailers(toPairs(forwardableTrailers(trailers)));
      response.end();
      lingerOver(passage);
    },
  };
}

/**
 * The head goes out at once, but together with the part of the body that came with it: one packet, not two. By an empty
 * write, for flushHeaders writes fields as UTF-8 where they are latin1.
 */
function sendHeadSoon({ response }: FastifyPassage): void {
  const { socket } = response;
  if (socket === null) return;
  socket.cork();
  response.write(noBytes);
  process.nextTick(uncork, socket);
}

const noBytes = Buffer.alloc(0);

function uncork(socket: { uncork(): void }): void {
  socket.uncork();
}

function toPairs(fields: Fields): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < fields.length; at += 2) pairs.push([fields[at] ?? '', fields[at + 1] ?? '']);
  return pairs;
}
