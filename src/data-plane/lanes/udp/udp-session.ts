// One client and one replica that send each other datagrams, until both have been silent for a while. Until the replica has
// said anything another one may take its place: the first datagram is kept for it.
import { plainAddress } from '../../../lib/plain-address.ts';
import { faults, GatewayError } from '../../../model/errors.ts';
import type { ConnectionRecord } from '../../../observability/connection-record.ts';
import { chooseReplica } from '../../exchange/choose-replica.ts';
import type { CompiledUdpRouter } from '../../exchange/snapshot.ts';
import { beginLease, endLease, type Lease } from '../../live-state/lease.ts';
import { type LiveReplica, noteConnection, noteRefusal } from '../../live-state/live-replica.ts';
import { type DatagramPort, openDatagrams } from '../../upstream/open-datagrams.ts';
import type { LaneCore } from '../lane.ts';
import type { BookedSession } from './session-book.ts';

/** What sessions work with. */
export type UdpCore = Pick<LaneCore, 'loads' | 'log'> & {
  readonly recorder: Pick<LaneCore['recorder'], 'openConnection'> & {
    recordConnection(record: ConnectionRecord): void;
  };
  readonly entryPoint: string;
  /** Whether the entry point wants its sessions logged. */
  readonly accessLogs: boolean;
};

/** The client's end. */
export type UdpClient = {
  readonly address: string;
  readonly port: number;
  /** Sends to the client from the entry point. */
  answer(datagram: Buffer): void;
  /** The session has ended. */
  onEnd(): void;
};

/** A session. */
export type UdpSession = BookedSession & {
  /** Takes a datagram of the client. False: the replica is gone, and the session with it; another one can take it. */
  take(datagram: Buffer): boolean;
  /** Whether the client has been answered yet. */
  readonly isAnswered: boolean;
  /** performance.now() of the last datagram either way. */
  readonly lastTick: number;
};

/** Begins with the client's first datagram; undefined where no replica is ready. */
export function openUdpSession(
  core: UdpCore,
  router: CompiledUdpRouter,
  client: UdpClient,
  first: Buffer,
): UdpSession | undefined {
  const session = new Session(core, router, client, first);
  return session.connect() === undefined ? session : undefined;
}

class Session implements UdpSession {
  isProven = false;
  isAnswered = false;
  lastTick = performance.now();
  readonly #core: UdpCore;
  readonly #router: CompiledUdpRouter;
  readonly #client: UdpClient;
  readonly #startedAt = Date.now();
  readonly #startedTick = this.lastTick;
  readonly #tried: LiveReplica[] = [];
  readonly #first: Buffer;
  #closeCount: (() => void) | undefined;
  #lease: Lease | undefined;
  #origin = '';
  #port: DatagramPort | undefined;
  #requestBytes: number;
  #responseBytes = 0;

  constructor(core: UdpCore, router: CompiledUdpRouter, client: UdpClient, first: Buffer) {
    this.#core = core;
    this.#router = router;
    this.#client = client;
    this.#first = first;
    this.#requestBytes = first.length;
  }

  /** Sends the first datagram to a replica that has not been tried yet; gives why there is none. */
  connect(): GatewayError | undefined {
    const { service } = this.#router;
    let replica: LiveReplica;
    try {
      const live = service();
      if (live === undefined) throw new GatewayError('no-server');
      replica = chooseReplica({ live, strategy: 'wrr' }, plainAddress(this.#client.address), this.#tried);
    } catch (error) {
      return error as GatewayError;
    }
    this.#closeCount ??= this.#core.recorder.openConnection(this.#core.entryPoint, 'udp');
    this.#lease = beginLease(replica, this.#core.loads);
    this.#origin = replica.origin;
    this.#port = openDatagrams(replica.origin, {
      onDatagram: (datagram) => this.#onAnswer(datagram),
      onFail: (error) => this.#onFail(error),
    });
    this.#port.send(this.#first);
    return undefined;
  }

  take(datagram: Buffer): boolean {
    if (this.#lease === undefined || !mayGoOn(this.#lease.replica, this.#origin)) {
      this.end();
      return false;
    }
    this.lastTick = performance.now();
    this.#requestBytes += datagram.length;
    this.#port?.send(datagram);
    return true;
  }

  end(fault?: GatewayError): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    this.#lease = undefined;
    this.#port?.close();
    endLease(lease, fault !== undefined, this.#core.loads);
    this.#closeCount?.();
    this.#client.onEnd();
    this.#record(lease.replica, fault);
  }

  #onAnswer(datagram: Buffer): void {
    const replica = this.#lease?.replica;
    if (replica !== undefined && !this.isAnswered) noteConnection(replica);
    this.isAnswered = true;
    this.lastTick = performance.now();
    this.#responseBytes += datagram.length;
    this.#client.answer(datagram);
  }

  /** What the client sent is lost, as datagrams are; but for the first, nothing of it is kept. */
  #onFail(error: GatewayError): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    const { loads, log } = this.#core;
    const { replica } = lease;
    log.debug(
      { router: this.#router.name, replica: replica.id, fault: error.code },
      'A replica takes no datagrams.',
    );
    noteRefusal(replica, performance.now());
    if (this.isAnswered || faults[error.code].retry !== 'safe') {
      this.end(error);
      return;
    }
    this.#tried.push(replica);
    const none = this.connect();
    if (none === undefined) endLease(lease, true, loads);
    else this.end(error);
  }

  #record(replica: LiveReplica, fault: GatewayError | undefined): void {
    this.#core.recorder.recordConnection({
      startedAt: this.#startedAt,
      durationMs: performance.now() - this.#startedTick,
      entryPoint: this.#core.entryPoint,
      scheme: 'udp',
      clientHost: plainAddress(this.#client.address),
      clientPort: this.#client.port,
      serverName: '',
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      router: this.#router.name,
      service: this.#router.serviceName,
      replica: replica.id,
      replicaUrl: this.#origin,
      retries: this.#tried.length,
      fault: fault?.code,
      logged: this.#core.accessLogs,
    });
  }
}

/**
 * Datagrams to a container that is gone vanish without a word, and a client that goes on sending would keep its session for
 * ever. One that was told to stop may finish.
 */
function mayGoOn({ replica, origin }: LiveReplica, begunWith: string): boolean {
  return origin === begunWith && (replica.state === 'ready' || replica.state === 'stopping');
}
