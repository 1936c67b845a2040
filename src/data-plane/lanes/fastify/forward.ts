// Carries out `forward`: sends the exchange to a replica over undici and its answer back, both as streams. Not over
// @fastify/reply-from: it refuses GET with a body (which CosyVoice's own clients send), parses and so changes paths,
// repeats 503 answers by itself, drops trailers and interim answers, and goes on when the client has left.
import { GatewayError } from '../../../model/errors.ts';
import { toUpstreamHead } from '../../exchange/decide.ts';
import type { CompiledService } from '../../exchange/snapshot.ts';
import { beginLease, endLease } from '../../live-state/lease.ts';
import { type LiveReplica, noteConnection, noteFirstByte } from '../../live-state/live-replica.ts';
import type { UpstreamHandler } from '../../live-state/upstream.ts';
import { nextReplica } from '../next-replica.ts';
import { isAskedProtocol } from '../open-tunnel.ts';
import { fail } from './fail.ts';
import type { FastifyPassage } from './fastify-passage.ts';
import { createRelay } from './relay.ts';
import { createRequestBody } from './request-body.ts';
import { becomeTunnel } from './tunnel.ts';

/** One attempt on one replica, and further ones elsewhere where that is harmless. */
export function forward(passage: FastifyPassage, service: CompiledService, replica: LiveReplica): void {
  const { exchange, core } = passage;
  const { upstream } = replica;
  if (upstream === undefined) {
    fail(passage, new GatewayError('upstream-unreachable'));
    return;
  }
  const lease = beginLease(replica, core.loads);
  const relay = createRelay(passage);
  const { host, target } = toUpstreamHead(exchange, service, replica);
  const sentTick = performance.now();
  let answered = false;
  let hasFirstByte = false;
  passage.replica = replica;
  passage.replicaUrl = replica.replica.url;

  const onFirstByte = (): void => {
    hasFirstByte = true;
    noteFirstByte(replica, performance.now() - sentTick);
  };

  const handler: UpstreamHandler = {
    onInformation: relay.onInformation,
    onHead(status, fields) {
      answered = true;
      noteConnection(replica);
      passage.upstreamStatus = status;
      passage.firstByteMs = performance.now() - sentTick;
      relay.onHead(status, fields);
    },
    onData(chunk) {
      if (!hasFirstByte) onFirstByte();
      return relay.onData(chunk);
    },
    onEnd(trailers) {
      if (!hasFirstByte) onFirstByte();
      endLease(lease, false, core.loads);
      relay.onEnd(trailers);
    },
    onUpgrade(fields, socket) {
      passage.upstreamStatus = 101;
      if (!isAskedProtocol(passage, fields)) {
        socket.destroy();
        endLease(lease, true, core.loads);
        fail(passage, new GatewayError('upstream-protocol'));
        return;
      }
      passage.firstByteMs = performance.now() - sentTick;
      becomeTunnel(passage, fields, socket, () => endLease(lease, false, core.loads));
    },
    onError(error) {
      endLease(lease, error.code.startsWith('upstream-'), core.loads);
      // The client has left, or has its answer already: the lane gave the upstream up.
      if (passage.response.destroyed || passage.fault !== undefined) return;
      const next = nextReplica(passage, service, replica, error, answered);
      if (next === undefined) fail(passage, error);
      else forward(passage, service, next);
    },
  };

  passage.upstream = upstream.send(
    {
      method: exchange.method,
      target,
      host,
      fields: exchange.fields,
      body: exchange.hasBody ? createRequestBody(passage) : undefined,
      upgrade: exchange.upgrade,
    },
    handler,
  );
  // The client may have left while a middleware had to wait.
  if (passage.response.destroyed) passage.upstream.abort();
}
