// Passage: one request on its way through a lane, and what has come of it so far: what a further attempt and the records
// need to know.
import type { FaultCode } from '../../model/errors.ts';
import type { Route } from '../exchange/decide.ts';
import type { IncomingExchange } from '../exchange/read-request.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { Upstream, UpstreamExchange, UpstreamHandler, UpstreamRequest } from '../live-state/upstream.ts';
import type { Connection } from './connection-book.ts';
import type { LaneCore } from './lane.ts';

/** What all lanes keep of a request; each adds what it moves bytes by. */
export class Passage {
  readonly core: LaneCore;
  readonly exchange: IncomingExchange;
  readonly connection: Connection;
  readonly route: Route = { router: undefined };
  /** Of the attempt under way. */
  replica: LiveReplica | undefined;
  replicaUrl: string | undefined;
  firstByteMs: number | undefined;
  upstreamStatus: number | undefined;
  requestBytes = 0;
  responseBytes = 0;
  retries = 0;
  /** Replicas that refused the connection for this request. */
  readonly tried: LiveReplica[] = [];
  fault: FaultCode | undefined;
  isEventStream = false;
  /** The connection has become a tunnel. */
  isTunnel = false;
  isRecorded = false;

  constructor(core: LaneCore, exchange: IncomingExchange, connection: Connection) {
    this.core = core;
    this.exchange = exchange;
    this.connection = connection;
  }

  /** How the lane sends to a replica that has an upstream. */
  sendToReplica(replica: LiveReplica, request: UpstreamRequest, handler: UpstreamHandler): UpstreamExchange {
    return (replica.upstream as Upstream).send(request, handler);
  }
}
