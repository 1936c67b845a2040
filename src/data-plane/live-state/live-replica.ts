// What is known of one replica while the gateway runs: its counts, its health and its connections. It outlives every
// snapshot in which the replica stands.
import { addToCell } from '../../lib/shared-cells.ts';
import type { HealthVerdict, Replica } from '../../model/replica.ts';
import { type Cell, privateCell } from './cell-directory.ts';
import type { PassiveHealth } from './passive-health.ts';
import type { Upstream } from './upstream.ts';

/** Also a candidate of rules/balancing, by its shape. */
export type LiveReplica = {
  readonly service: string;
  readonly id: string;
  /** As last configured. */
  replica: Replica;
  /** `scheme://host:port` of its URL, and what stands behind it; both empty without an address. */
  origin: string;
  basePath: string;
  weight: number;
  /** Absent for replicas of TCP services, too. */
  upstream: Upstream | undefined;
  /** Of Berth's own health check. */
  verdict: HealthVerdict;
  /** Requests under way, of all workers. */
  readonly inFlight: number;
  /** Of this worker. */
  underWay: number;
  /** Since the worker started. */
  requests: number;
  failures: number;
  /** Milliseconds since the epoch; 0 for never. */
  lastRequest: number;
  /** Mean over about the last 100 answers until the first byte of the body; 0 before the first. */
  firstByteMs: number;
  firstByteSamples: number;
  turn: number;
  /** Where it is counted for all workers. */
  readonly cell: Cell;
  /** Counts it elsewhere from now on, with what is under way. */
  moveTo(cell: Cell): void;
  /** Connections that failed in a row before anything was sent; 0 once one has held. */
  refusals: number;
  /** Until when (performance.now()) other replicas are preferred because of that; 0 for not at all. */
  avoidUntil: number;
  /** Undefined where the service does not judge answers. */
  passive: PassiveHealth | undefined;
  /** Whether its counts have changed since they were last reported. */
  dirty: boolean;
};

/** Traefik's leasttime looks at as many answers. */
const firstByteWindow = 100;

/** A replica that has not been configured yet. `cell` is where all workers count it. */
export function createLiveReplica(
  service: string,
  replica: Replica,
  cell: Cell = privateCell(unpickedTurn),
): LiveReplica {
  return new CountedReplica(service, replica, cell);
}

/** Before its first turn (rules/balancing). */
const unpickedTurn = -1;

/** A class, so that the accessors cost no more than fields: they are read for each candidate of each request. */
class CountedReplica implements LiveReplica {
  readonly service: string;
  readonly id: string;
  replica: Replica;
  cell: Cell;
  origin = '';
  basePath = '';
  weight = 1;
  upstream: Upstream | undefined = undefined;
  verdict: HealthVerdict = 'none';
  underWay = 0;
  requests = 0;
  failures = 0;
  lastRequest = 0;
  firstByteMs = 0;
  firstByteSamples = 0;
  refusals = 0;
  avoidUntil = 0;
  passive: PassiveHealth | undefined = undefined;
  dirty = false;

  constructor(service: string, replica: Replica, cell: Cell) {
    this.service = service;
    this.id = replica.id;
    this.replica = replica;
    this.cell = cell;
  }

  get inFlight(): number {
    return Atomics.load(this.cell.cells.totals, this.cell.at);
  }

  get turn(): number {
    return this.cell.cells.marks[this.cell.at] ?? unpickedTurn;
  }

  set turn(turn: number) {
    this.cell.cells.marks[this.cell.at] = turn;
  }

  moveTo(cell: Cell): void {
    const before = this.cell;
    if (cell === before) return;
    this.cell = cell;
    addToCell(before.cells, before.at, before.writer, -this.underWay);
    addToCell(cell.cells, cell.at, cell.writer, this.underWay);
  }
}

/** Counts one answer's time to its first byte; older answers fade. */
export function noteFirstByte(live: LiveReplica, ms: number): void {
  live.firstByteSamples = Math.min(live.firstByteSamples + 1, firstByteWindow);
  live.firstByteMs += (ms - live.firstByteMs) / live.firstByteSamples;
}

/** How long a replica that refuses connections is passed over: a process that is starting listens soon. */
const firstAvoidanceMs = 25;
const maxAvoidanceMs = 1_000;

/** A connection failed before anything was sent: others are preferred for a while, longer each time. */
export function noteRefusal(live: LiveReplica, now: number): void {
  live.avoidUntil = now + Math.min(firstAvoidanceMs * 2 ** live.refusals, maxAvoidanceMs);
  live.refusals += 1;
}

/** A head has come: the connection has held, and the answer may be a failure all the same. */
export function noteStatus(live: LiveReplica, status: number): void {
  noteConnection(live);
  live.passive?.note(status >= 500);
}

/** A connection held: the replica is as good as any. */
export function noteConnection(live: LiveReplica): void {
  if (live.refusals === 0) return;
  live.refusals = 0;
  live.avoidUntil = 0;
}
