// One entry point that listens, from its first connection to its last.
import { type AddressInfo, createServer, type ListenOptions, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { explainListenError } from '../../lib/explain-listen-error.ts';
import type { DrainReason } from '../../model/messages.ts';
import type { EntryPoint, Lanes } from '../../model/startup.ts';
import type { TlsMaterial } from '../../model/tls-material.ts';
import type { ExchangeRecorder } from '../../observability/create-exchange-recorder.ts';
import { createRequestReader } from '../exchange/read-request.ts';
import { compileTrust } from '../exchange/trusted-peers.ts';
import { createConnectionBook } from '../lanes/connection-book.ts';
import { headLimitMs } from '../lanes/head-limit.ts';
import { createHttp2Lane } from '../lanes/http2/create-http2-lane.ts';
import type { Lane, LaneCore } from '../lanes/lane.ts';
import { createLateLane } from '../lanes/late-lane.ts';
import { createStallWatch } from '../lanes/stall-watch.ts';
import { createWireLane } from '../lanes/wire/create-wire-lane.ts';
import { acceptProxied } from './accept-proxied.ts';
import { createTcpFront } from './create-tcp-front.ts';
import { createTlsFront } from './create-tls-front.ts';
import { dispatchConnection } from './dispatch-connection.ts';

/** One entry point that listens. */
export type Listener = {
  /** New handshakes are made with this. */
  setTls(material: TlsMaterial): void;
  /** Resolves when the last connection is closed. */
  drain(reason: DrainReason): Promise<void>;
};

/** Where a listener reports. */
export type ListenerIo = {
  onListening(entryPoint: string, host: string, port: number): void;
  onListenFailed(entryPoint: string, message: string): void;
};

/** What all entry points share, and the name that this machine gives itself. */
export type ListenerParts = Pick<LaneCore, 'snapshot' | 'loads' | 'log'> & {
  readonly recorder: ExchangeRecorder;
  readonly serverName: string;
  readonly lanes: Lanes;
  readonly tls: TlsMaterial;
};

/**
 * How long idle connections are kept when another process has taken over: a client that was about to use one is answered,
 * and told to open another, in place of finding it closed.
 */
const lingerMs = 5_000;

/** Listens, on the inherited socket if there is one, and reports where; undefined when it cannot. */
export async function openListener(
  entryPoint: EntryPoint,
  { serverName, lanes, tls: material, ...parts }: ListenerParts,
  io: ListenerIo,
  inherited?: number,
): Promise<Listener | undefined> {
  const connections = createConnectionBook({
    maxRequests: entryPoint.keepAliveMaxRequests,
    maxAgeMs: entryPoint.keepAliveMaxTimeMs,
  });
  const core: LaneCore = {
    ...parts,
    connections,
    writeTimeoutMs: entryPoint.writeTimeoutMs,
    readRequest: createRequestReader(entryPoint, serverName),
  };
  const silenceMs = headLimitMs(entryPoint);
  const makeComplete = async (): Promise<Lane> => {
    const { createFastifyLane } = await import('../lanes/fastify/create-fastify-lane.ts');
    return createFastifyLane(entryPoint, core);
  };
  const lane =
    lanes === 'all'
      ? createWireLane(entryPoint, core, createLateLane(makeComplete, core))
      : await makeComplete();
  // Node's HTTP/2 is the complete one too: `lanes` chooses among ways for HTTP/1.1.
  const http2 = createHttp2Lane(entryPoint, core);
  const tls = createTlsFront(
    entryPoint.name,
    { ...parts, connections },
    { h2: http2, 'http/1.1': lane },
    material,
    silenceMs,
  );
  const byProtocol = { http1: lane, http2, tls };
  const tcp = createTcpFront(
    {
      ...parts,
      connections,
      entryPoint: entryPoint.name,
      accessLogs: entryPoint.accessLogs,
      lanes: byProtocol,
      limitMs: silenceMs,
    },
    material,
  );
  const dispatch = (socket: Socket, onRelay: () => void): void => {
    const table = parts.snapshot()?.tcp;
    if (table === undefined) dispatchConnection(socket, byProtocol, silenceMs);
    else tcp.accept(socket, table, onRelay);
  };
  const isTrusted = entryPoint.proxyProtocol && compileTrust(entryPoint.proxyProtocol);
  // A client may end its side before it has its answer. Small parts of a stream go out at once (TCP_NODELAY).
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections.of(socket);
    const closeCount = parts.recorder.openConnection(entryPoint.name, 'http');
    socket.once('close', closeCount);
    if (isTrusted === undefined) {
      dispatch(socket, closeCount);
      return;
    }
    const isBelieved = isTrusted(connections.of(socket).address);
    acceptProxied(socket, silenceMs, (ends) => {
      if (ends !== undefined && isBelieved) connections.place(socket, ends);
      dispatch(socket, closeCount);
      // Whoever waits for its first bytes finds it paused; a relay lets it run when it is ready.
      if (socket.listenerCount('data') > 0) socket.resume();
    });
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(inherited === undefined ? addressOf(entryPoint) : { fd: inherited }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    io.onListenFailed(entryPoint.name, explainListenError(error, entryPoint.host, entryPoint.port));
    await Promise.all([lane.close(), http2.close()]);
    return undefined;
  }
  const stalls = createStallWatch(connections.sockets, entryPoint.stallTimeoutMs, ({ remoteAddress }) =>
    parts.log.debug(
      { entryPoint: entryPoint.name, client: remoteAddress },
      'A client that took nothing of what was ready for it is cut.',
    ),
  );
  const { address, port } = server.address() as AddressInfo;
  io.onListening(entryPoint.name, address, port);

  return {
    setTls(next) {
      tls.use(next);
      tcp.setTls(next);
    },
    async drain(reason) {
      if (reason === 'end') await delay(entryPoint.requestAcceptGraceMs);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.retire(reason === 'end' ? 0 : Math.min(lingerMs, entryPoint.graceTimeoutMs / 2));
      // Nobody can say when a relay is done but its two ends, and the process that listens now needs nothing of this one.
      const keepsRelays = reason === 'handed-over';
      const limit = setTimeout(() => connections.destroyAll(keepsRelays), entryPoint.graceTimeoutMs);
      await Promise.all([closed, connections.whenEmpty()]);
      clearTimeout(limit);
      stalls.close();
      await Promise.all([lane.close(), http2.close()]);
    },
  };
}

function addressOf({ host, port, reusePort }: EntryPoint): ListenOptions {
  // Without a host Node takes all addresses, of IPv6 too where there is any.
  return { port, reusePort, ...(host === '' ? {} : { host }) };
}
