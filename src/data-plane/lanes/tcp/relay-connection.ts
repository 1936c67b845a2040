// A connection becomes bytes both ways between a client and a replica. Until the replica is connected nothing is sent, so
// that every ready replica may be tried once; from then on both share their fate.
import type { Socket } from 'node:net';
import { writeProxyHeader } from '../../../lib/proxy-protocol.ts';
import { faults, GatewayError } from '../../../model/errors.ts';
import type { ConnectionRecord } from '../../../observability/connection-record.ts';
import { chooseReplica } from '../../exchange/choose-replica.ts';
import type { CompiledTcpRouter } from '../../exchange/snapshot.ts';
import { beginLease, endLease, type Lease } from '../../live-state/lease.ts';
import { type LiveReplica, noteConnection, noteRefusal } from '../../live-state/live-replica.ts';
import { keepAliveProbeMs, openByteStream, type Prelude } from '../../upstream/open-byte-stream.ts';
import type { Connection } from '../connection-book.ts';
import { joinStreams } from '../join-streams.ts';
import type { LaneCore } from '../lane.ts';

/** What a relay works with. */
export type RelayCore = Pick<LaneCore, 'loads' | 'log' | 'connections'> & {
  readonly recorder: Pick<LaneCore['recorder'], 'openConnection'> & {
    recordConnection(record: ConnectionRecord): void;
  };
  readonly entryPoint: string;
  /** Whether the entry point wants its connections logged. */
  readonly accessLogs: boolean;
};

/** A client that has been routed. */
export type RoutedClient = {
  readonly router: CompiledTcpRouter;
  /** Plain or decrypted, paused; what was read of it has been put back. */
  readonly socket: Socket;
  /** What it asked for by TLS; empty where it named nobody. */
  readonly serverName: string;
  /** What the replica has to be told first. */
  readonly prelude?: Prelude | undefined;
};

type Relay = RoutedClient & {
  readonly core: RelayCore;
  readonly connection: Connection;
  readonly startedAt: number;
  readonly startedTick: number;
  readonly readBefore: number;
  readonly writtenBefore: number;
  readonly tried: LiveReplica[];
  /** Leaves what counts the client: the router's middlewares, and the gauge of open connections. */
  readonly leaveCounts: () => void;
};

/** Serves the client to its end. */
export function relayConnection(core: RelayCore, client: RoutedClient): void {
  const { socket } = client;
  const connection = core.connections.of(socket);
  connection.underWay += 1;
  connection.requests += 1;
  connection.isRelay = true;
  const closeCount = core.recorder.openConnection(core.entryPoint, 'tcp');
  const leaveGate = client.router.gate(connection.address);
  const relay: Relay = {
    ...client,
    core,
    connection,
    startedAt: Date.now(),
    startedTick: performance.now(),
    readBefore: socket.bytesRead,
    writtenBefore: socket.bytesWritten,
    tried: [],
    leaveCounts() {
      closeCount();
      leaveGate?.();
    },
  };
  if (leaveGate === undefined) {
    finish(relay, undefined, new GatewayError('client-refused'));
    return;
  }
  socket.setKeepAlive(true, keepAliveProbeMs);
  connect(relay);
}

function connect(relay: Relay): void {
  const { core, router, socket, connection, tried } = relay;
  const live = router.service();
  let replica: LiveReplica;
  try {
    if (live === undefined) throw new GatewayError('no-server');
    replica = chooseReplica({ live, strategy: 'wrr' }, connection.address, tried);
  } catch (error) {
    finish(relay, tried.at(-1), error as GatewayError);
    return;
  }
  const lease = beginLease(replica, core.loads);
  const giveUp = (): void => {
    dialled.destroy();
  };
  const ignore = (): void => {};
  const dialled = openByteStream(
    replica.origin,
    (result) => {
      socket.off('close', giveUp).off('error', ignore);
      if (socket.destroyed) {
        if (!(result instanceof GatewayError)) result.on('error', ignore).destroy();
        leave(relay, lease);
      } else if (result instanceof GatewayError) {
        tryAnother(relay, lease, result);
      } else {
        noteConnection(replica);
        joinStreams(socket, result, () => leave(relay, lease), live?.service.relay?.terminationDelayMs);
      }
    },
    { prelude: relay.prelude, header: headerOf(relay, live?.service.relay?.proxyProtocol) },
  );
  socket.once('close', giveUp).on('error', ignore);
}

function headerOf({ connection }: Relay, version: 1 | 2 | undefined): Buffer | undefined {
  if (version === undefined) return undefined;
  const { address, port, destination } = connection;
  return writeProxyHeader(version, { source: { address, port }, destination });
}

/** Nothing was sent, so the client need not hear of it as long as another replica is left. */
function tryAnother(relay: Relay, lease: Lease, error: GatewayError): void {
  const { core, router, tried } = relay;
  const { replica } = lease;
  endLease(lease, true, core.loads);
  core.log.debug(
    { router: router.name, replica: replica.id, fault: error.code },
    'A replica could not be connected to.',
  );
  if (faults[error.code].retry !== 'safe') {
    finish(relay, replica, error);
    return;
  }
  noteRefusal(replica, performance.now());
  tried.push(replica);
  connect(relay);
}

function leave(relay: Relay, lease: Lease): void {
  endLease(lease, false, relay.core.loads);
  finish(relay, lease.replica, undefined);
}

function finish(relay: Relay, replica: LiveReplica | undefined, error: GatewayError | undefined): void {
  const { core, router, socket, connection } = relay;
  connection.underWay -= 1;
  relay.leaveCounts();
  socket.on('error', () => {}).destroy();
  core.recorder.recordConnection({
    startedAt: relay.startedAt,
    durationMs: performance.now() - relay.startedTick,
    entryPoint: core.entryPoint,
    scheme: router.tls === 'none' ? 'tcp' : 'tls',
    clientHost: connection.address,
    clientPort: connection.port,
    serverName: relay.serverName,
    requestBytes: socket.bytesRead - relay.readBefore,
    responseBytes: socket.bytesWritten - relay.writtenBefore,
    router: router.name,
    service: router.serviceName,
    replica: replica?.id,
    replicaUrl: replica?.origin,
    retries: relay.tried.length,
    fault: error?.code,
    logged: core.accessLogs,
  });
}
