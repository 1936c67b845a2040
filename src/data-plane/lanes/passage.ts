// Passage: one request on its way through a lane, and what has come of it so far: what a further attempt and the records
// need to know.
import type { Route } from '../exchange/decide.ts';
import type { IncomingExchange } from '../exchange/read-request.ts';
import type { LiveReplica } from '../live-state/live-replica.ts';
import type { Connection } from './connection-book.ts';
import type { LaneCore } from './lane.ts';

/** What all lanes keep of a request. */
export type Passage = {
  readonly core: LaneCore;
  readonly exchange: IncomingExchange;
  readonly connection: Connection;
  readonly route: Route;
  /** Of the attempt under way. */
  replica: LiveReplica | undefined;
  replicaUrl: string | undefined;
  firstByteMs: number | undefined;
  upstreamStatus: number | undefined;
  requestBytes: number;
  responseBytes: number;
  retries: number;
  /** Replicas that refused the connection for this request. */
  readonly tried: LiveReplica[];
  fault: string | undefined;
  isEventStream: boolean;
  /** The connection has become a tunnel. */
  isTunnel: boolean;
  isRecorded: boolean;
};

/** A passage at its beginning. */
export function createPassage(core: LaneCore, exchange: IncomingExchange, connection: Connection): Passage {
  return {
    core,
    exchange,
    connection,
    route: { router: undefined },
    replica: undefined,
    replicaUrl: undefined,
    firstByteMs: undefined,
    upstreamStatus: undefined,
    requestBytes: 0,
    responseBytes: 0,
    retries: 0,
    tried: [],
    fault: undefined,
    isEventStream: false,
    isTunnel: false,
    isRecorded: false,
  };
}
