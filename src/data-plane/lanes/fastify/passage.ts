// Passage: one request on its way through the lane: the exchange, the two Node objects and what is to be recorded of it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExchangeRecorder } from '../../../observability/create-exchange-recorder.ts';
import type { Route } from '../../exchange/decide.ts';
import type { IncomingExchange, IncomingHead } from '../../exchange/read-request.ts';
import type { EntryPointSnapshot } from '../../exchange/snapshot.ts';
import type { LiveReplica } from '../../live-state/live-replica.ts';
import type { LoadReporter } from '../../live-state/load-reporter.ts';
import type { UpstreamExchange } from '../../live-state/upstream.ts';
import type { Connection, ConnectionBook } from './connection-book.ts';
import type { EarlyBytes } from './hold-early-bytes.ts';

/** What a lane works with; one for each entry point. */
export type LaneCore = {
  /** The present one; undefined before the first configuration. */
  readonly snapshot: () => EntryPointSnapshot | undefined;
  readonly readRequest: (head: IncomingHead) => IncomingExchange;
  readonly loads: LoadReporter;
  readonly recorder: Pick<ExchangeRecorder, 'recordExchange' | 'openConnection'>;
  readonly connections: ConnectionBook;
  readonly log: LaneLog;
  /** Time limit for a whole response; 0 for none. */
  readonly writeTimeoutMs: number;
};

/** Where a lane tells of faults. */
export type LaneLog = {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
};

/** One request on its way, and what has come of it so far. */
export type Passage = {
  readonly core: LaneCore;
  readonly exchange: IncomingExchange;
  readonly connection: Connection;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Present while the connection may become a tunnel. */
  readonly early: EarlyBytes | undefined;
  readonly route: Route;
  /** Of the attempt under way. */
  upstream: UpstreamExchange | undefined;
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
  /** The connection has become a tunnel: the response object is out of use. */
  isTunnel: boolean;
  isRecorded: boolean;
};

/** A passage at its beginning. */
export function createPassage(
  parts: Pick<Passage, 'core' | 'exchange' | 'connection' | 'request' | 'response' | 'early'>,
): Passage {
  return {
    ...parts,
    route: { router: undefined },
    upstream: undefined,
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
