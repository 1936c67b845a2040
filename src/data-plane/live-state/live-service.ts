// One service while the gateway runs: its replicas, those of them that are ready, and the place of its round robin.
import type { CountedService } from '../../model/dynamic-config.ts';
import { type HealthVerdict, mayServe } from '../../model/replica.ts';
import { type Cell, type CellDirectory, privateCell } from './cell-directory.ts';
import { createLiveReplica, type LiveReplica } from './live-replica.ts';
import { createPassiveHealth } from './passive-health.ts';
import type { SharedUpstreams } from './shared-upstreams.ts';

/** A service while the gateway runs. */
export type LiveService = {
  readonly name: string;
  service: CountedService;
  /** In the order of the configuration. */
  replicas: readonly LiveReplica[];
  /** Those that get requests. The list is replaced, never changed. */
  ready: readonly LiveReplica[];
  /** Clock of the round robin (rules/balancing). */
  clock: number;
};

/** A service without replicas; its clock is in the cell, so that all workers take turns together. */
export function createLiveService(service: CountedService, cell: Cell = privateCell(0)): LiveService {
  return new SharedService(service, cell);
}

class SharedService implements LiveService {
  readonly name: string;
  service: CountedService;
  replicas: readonly LiveReplica[] = [];
  ready: readonly LiveReplica[] = [];
  readonly #cell: Cell;

  constructor(service: CountedService, cell: Cell) {
    this.name = service.name;
    this.service = service;
    this.#cell = cell;
  }

  get clock(): number {
    return this.#cell.cells.marks[this.#cell.at] ?? 0;
  }

  set clock(turn: number) {
    this.#cell.cells.marks[this.#cell.at] = turn;
  }
}

/** Verdicts by replica id, kept by whoever hears them: they may come before the replica does. */
export type VerdictLookup = (replica: string) => HealthVerdict | undefined;

/** What all services share. */
export type SharedParts = {
  readonly upstreams: SharedUpstreams;
  /** Replicas that are gone while requests on them are not: one that comes back goes on counting. */
  readonly departed: Set<LiveReplica>;
};

/** Brings replicas and connections in line with a changed service. Costs as much as the service has replicas. */
export function updateLiveService(
  live: LiveService,
  service: CountedService,
  shared: SharedParts,
  verdictOf: VerdictLookup,
  cells: Pick<CellDirectory, 'find'>,
  onOutChange: (replica: LiveReplica) => void = () => {},
): void {
  const before = new Map(live.replicas.map((replica) => [replica.id, replica]));
  live.service = service;
  live.replicas = service.replicas.map((replica) => {
    const cell = cells.find(service.name, replica.id);
    const kept =
      before.get(replica.id) ??
      comeBack(service.name, replica.id, shared.departed) ??
      createLiveReplica(service.name, replica, cell);
    // One that comes back while requests of its first time are under way may be counted elsewhere.
    if (cell !== undefined) kept.moveTo(cell);
    before.delete(replica.id);
    kept.replica = replica;
    kept.weight = Math.max(1, replica.weight);
    connect(kept, shared.upstreams);
    judgeAnswers(kept, service, onOutChange);
    return kept;
  });
  for (const gone of before.values()) depart(gone, shared);
  refreshReady(live, verdictOf);
}

/** The service is gone: nothing is ready, and connections close when they are done. */
export function retireLiveService(live: LiveService, shared: SharedParts): void {
  for (const replica of live.replicas) depart(replica, shared);
  live.replicas = [];
  live.ready = [];
}

function depart(replica: LiveReplica, { upstreams, departed }: SharedParts): void {
  replica.passive?.close();
  replica.passive = undefined;
  disconnect(replica, upstreams);
  for (const other of departed) if (other.underWay === 0) departed.delete(other);
  if (replica.underWay > 0) departed.add(replica);
}

function comeBack(service: string, id: string, departed: Set<LiveReplica>): LiveReplica | undefined {
  for (const replica of departed) {
    if (replica.id !== id || replica.service !== service) continue;
    departed.delete(replica);
    return replica;
  }
  return undefined;
}

/** Judges anew which replicas get requests. */
export function refreshReady(live: LiveService, verdictOf: VerdictLookup): void {
  const isChecked = live.service.healthCheck !== undefined;
  for (const replica of live.replicas) {
    // A server that nobody has looked at yet gets nothing (in Traefik it does, and the first requests fail).
    replica.verdict = isChecked ? (verdictOf(replica.id) ?? 'unknown') : 'none';
  }
  const able = live.replicas.filter(({ replica, verdict }) => mayServe(replica, verdict));
  const well = able.filter(({ passive }) => passive?.isOut !== true);
  // When all of them fail, the fault may lie elsewhere: to ask none of them would help nobody.
  live.ready = well.length === 0 ? able : well;
}

/** Follows the options by which answers are judged. What is known by the same options stays. */
function judgeAnswers(
  replica: LiveReplica,
  { passiveHealthCheck }: CountedService,
  onChange: (replica: LiveReplica) => void,
): void {
  const { passive } = replica;
  if (passiveHealthCheck !== undefined && passive?.isBy(passiveHealthCheck) === true) return;
  passive?.close();
  replica.passive = passiveHealthCheck && createPassiveHealth(passiveHealthCheck, () => onChange(replica));
}

function connect(live: LiveReplica, upstreams: SharedUpstreams): void {
  const { url } = live.replica;
  const parsed = url === undefined ? null : URL.parse(url);
  const origin = parsed === null ? '' : `${parsed.protocol}//${parsed.host}`;
  live.basePath = parsed === null || parsed.pathname === '/' ? '' : parsed.pathname;
  if (origin === live.origin) return;
  disconnect(live, upstreams);
  if (origin === '') return;
  live.origin = origin;
  // Each client of TCP and UDP gets a connection of its own: there is nothing to share.
  if (!isOfBytes(origin)) live.upstream = upstreams.acquire(origin);
}

function isOfBytes(origin: string): boolean {
  return origin.startsWith('tcp:') || origin.startsWith('tls:') || origin.startsWith('udp:');
}

function disconnect(live: LiveReplica, upstreams: SharedUpstreams): void {
  if (live.upstream !== undefined) upstreams.release(live.upstream);
  live.upstream = undefined;
  live.origin = '';
}
