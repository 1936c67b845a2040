// Carries out `forward`: sends the exchange to a replica and brings its answer back, both as streams. The exchange is
// taken from the passage, not from what @fastify/http-proxy makes of it: there GET has no body (CosyVoice's own clients
// send one) and repeated fields are folded.
import { GatewayError } from '../../../model/errors.ts';
import { toUpstreamHead } from '../../exchange/decide.ts';
import type { CompiledService } from '../../exchange/snapshot.ts';
import { beginLease, endLease } from '../../live-state/lease.ts';
import { type LiveReplica, noteConnection, noteFirstByte } from '../../live-state/live-replica.ts';
import type { UpstreamHandler } from '../../live-state/upstream.ts';
import { ClientBody } from '../client-body.ts';
import { nextReplica } from '../next-replica.ts';
import { isAskedProtocol } from '../open-tunnel.ts';
import { fail } from './fail.ts';
import type { FastifyPassage } from './fastify-passage.ts';
import { createRelay } from './relay.ts';
import { becomeTunnel } from './tunnel.ts';

/** Who hears of the outcome. At most one is called, and once: neither when the client has left or has an answer. */
export type ForwardEvents = {
  /** A head has come. `begin` relays it; it must be called before this returns, or the upstream be aborted. */
  onAnswer(begin: () => void): void;
  /** No replica has answered, or a protocol was changed to that nobody asked for. */
  onFailure(error: GatewayError): void;
};

/** One attempt on one replica, and further ones elsewhere where that is harmless. */
export function forward(
  passage: FastifyPassage,
  service: CompiledService,
  replica: LiveReplica,
  events: ForwardEvents,
): void {
  const { exchange, core } = passage;
  const { upstream } = replica;
  if (upstream === undefined) {
    events.onFailure(new GatewayError('upstream-unreachable'));
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
      events.onAnswer(() => relay.onHead(status, fields));
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
        events.onFailure(new GatewayError('upstream-protocol'));
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
      if (next !== undefined) forward(passage, service, next, events);
      else if (answered) fail(passage, error);
      else events.onFailure(error);
    },
  };

  passage.upstream = upstream.send(
    {
      method: exchange.method,
      target,
      host,
      fields: exchange.fields,
      body: exchange.hasBody ? new ClientBody(passage.request, passage) : undefined,
      upgrade: exchange.upgrade,
    },
    handler,
  );
  // The client may have left while a middleware had to wait.
  if (passage.response.destroyed) passage.upstream.abort();
}
