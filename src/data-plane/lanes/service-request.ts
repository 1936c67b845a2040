// One request to a service: to a replica, and to further ones while that is harmless, until one has answered or none is
// left. Lanes and stages send by it; it knows no client.
import type { Duplex } from 'node:stream';
import type { Fields, ReadonlyFields } from '../../lib/header-fields.ts';
import { GatewayError } from '../../model/errors.ts';
import { hostFor, targetFor } from '../exchange/decide.ts';
import type { CompiledBalancer } from '../exchange/snapshot.ts';
import { beginLease, endLease, type Lease } from '../live-state/lease.ts';
import { type LiveReplica, noteFirstByte, noteStatus } from '../live-state/live-replica.ts';
import type { UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../live-state/upstream.ts';
import { type AttemptNotes, nextReplica } from './next-replica.ts';
import { isAskedProtocol } from './open-tunnel.ts';
import type { Passage } from './passage.ts';
import { UpstreamClock } from './upstream-clock.ts';
import { watchBody } from './watched-body.ts';

/** What it sends on whose behalf. */
export type ServiceCall = {
  readonly passage: Passage;
  readonly service: CompiledBalancer;
  /** `target` and `host` as before a replica is chosen; its body may be begun once. */
  readonly request: UpstreamRequest;
  readonly handler: UpstreamHandler;
  /** Where its attempts are noted: the passage, where its answer is meant for the client. */
  readonly notes: AttemptNotes;
};

/** One request to a service, under way once `sendTo` has been called. */
export class ServiceRequest implements UpstreamHandler, UpstreamExchange {
  readonly #call: ServiceCall;
  #replica: LiveReplica | undefined;
  #lease: Lease | undefined;
  #upstream: UpstreamExchange | undefined;
  #sentTick = 0;
  #hasFirstByte = false;
  #answered = false;
  #isAborted = false;
  #clock: UpstreamClock | undefined;
  /** The limit that has passed: what the upstream says of it afterwards is our own doing. */
  #expired: GatewayError | undefined;

  constructor(call: ServiceCall) {
    this.#call = call;
  }

  get reused(): boolean {
    return this.#upstream?.reused ?? false;
  }

  /** Makes an attempt on this replica. */
  sendTo(replica: LiveReplica): void {
    const { passage, service, request, handler, notes } = this.#call;
    if (replica.upstream === undefined) {
      handler.onError(new GatewayError('upstream-unreachable'));
      return;
    }
    this.#replica = replica;
    notes.replica = replica;
    notes.replicaUrl = replica.replica.url;
    const lease = beginLease(replica, passage.core.loads);
    this.#lease = lease;
    this.#sentTick = performance.now();
    this.#clock = this.#startClock();
    const sent = passage.sendToReplica(
      replica,
      this.#watched(toReplicaRequest(request, service, replica)),
      this,
    );
    // It may have failed already, and been sent elsewhere.
    if (this.#lease === lease && lease.open) this.#upstream = sent;
    if (this.#isAborted) sent.abort();
  }

  resume(): void {
    this.#clock?.released();
    this.#upstream?.resume();
  }

  abort(): void {
    this.#isAborted = true;
    this.#upstream?.abort();
  }

  onSent(): void {
    this.#clock?.sent(this.#call.request.body === undefined);
  }

  onInformation(status: number, fields: Fields): void {
    this.#call.handler.onInformation(status, fields);
  }

  onHead(status: number, fields: ReadonlyFields, isLast?: boolean): void {
    const { handler, notes } = this.#call;
    this.#answered = true;
    this.#clock?.heard();
    noteStatus(this.#replica as LiveReplica, status);
    notes.upstreamStatus = status;
    notes.firstByteMs = performance.now() - this.#sentTick;
    handler.onHead(status, fields, isLast);
  }

  onData(chunk: Buffer): boolean {
    if (!this.#hasFirstByte) this.#noteFirstByte();
    this.#clock?.heard();
    const takesMore = this.#call.handler.onData(chunk);
    if (!takesMore) this.#clock?.held();
    return takesMore;
  }

  onEnd(trailers: Fields): void {
    if (!this.#hasFirstByte) this.#noteFirstByte();
    this.#endLease(false);
    this.#call.handler.onEnd(trailers);
  }

  onUpgrade(fields: Fields, socket: Duplex): void {
    const { handler, notes, passage, request } = this.#call;
    notes.upstreamStatus = 101;
    if (!isAskedProtocol(request.upgrade, fields)) {
      socket.destroy();
      this.#endLease(true);
      handler.onError(new GatewayError('upstream-protocol'));
      return;
    }
    notes.firstByteMs = performance.now() - this.#sentTick;
    this.#clock?.end();
    this.#upstream = undefined;
    const lease = this.#lease as Lease;
    if (socket.destroyed) endLease(lease, false, passage.core.loads);
    else endLeaseWith(socket, lease, passage.core.loads);
    handler.onUpgrade(fields, socket);
  }

  onError(given: GatewayError): void {
    const { passage, request, service, notes, handler } = this.#call;
    const error = this.#expired ?? given;
    this.#expired = undefined;
    // One that was given up because its answer was no HTTP is at fault too.
    const isAtFault = error.code.startsWith('upstream-') || passage.fault === 'upstream-protocol';
    this.#endLease(isAtFault);
    const { method, body } = request;
    const next = this.#isAborted
      ? undefined
      : nextReplica(passage.exchange, notes, service, this.#replica as LiveReplica, error, {
          method,
          hasBody: body !== undefined,
          answered: this.#answered,
        });
    if (next === undefined) handler.onError(error);
    else this.sendTo(next);
  }

  #noteFirstByte(): void {
    this.#hasFirstByte = true;
    noteFirstByte(this.#replica as LiveReplica, performance.now() - this.#sentTick);
  }

  #startClock(): UpstreamClock | undefined {
    const { route, exchange } = this.#call.passage;
    const limits = route.router?.timeouts;
    if (limits === undefined) return undefined;
    return new UpstreamClock(limits, exchange.startedTick, (code) => {
      this.#expired = new GatewayError(code);
      this.#upstream?.abort();
    });
  }

  /** Its clock hears when all of the body is on its way. */
  #watched(request: UpstreamRequest): UpstreamRequest {
    const clock = this.#clock;
    if (clock === undefined || request.body === undefined) return request;
    return { ...request, body: watchBody(request.body, () => clock.requestEnded()) };
  }

  #endLease(isAtFault: boolean): void {
    this.#clock?.end();
    this.#clock = undefined;
    this.#upstream = undefined;
    endLease(this.#lease as Lease, isAtFault, this.#call.passage.core.loads);
  }
}

/** The same object where nothing has to be changed. */
function toReplicaRequest(
  request: UpstreamRequest,
  service: CompiledBalancer,
  replica: LiveReplica,
): UpstreamRequest {
  const host = hostFor(request.host, service, replica);
  const target = targetFor(request.target, replica);
  return host === request.host && target === request.target ? request : { ...request, host, target };
}

/** Not a closure of the request: a tunnel would hold that for hours. */
function endLeaseWith(socket: Duplex, lease: Lease, loads: Passage['core']['loads']): void {
  socket.once('close', () => endLease(lease, false, loads));
}
