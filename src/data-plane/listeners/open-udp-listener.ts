// One UDP entry point that listens: datagrams find the session of their client, or begin one.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { stopReceiving } from '../../lib/dgram-handle.ts';
import { explainListenError } from '../../lib/explain-listen-error.ts';
import { numericLookup } from '../../lib/numeric-lookup.ts';
import type { UdpEntryPoint } from '../../model/startup.ts';
import type { CompiledUdpRouter } from '../exchange/snapshot.ts';
import { createSessionBook } from '../lanes/udp/session-book.ts';
import { openUdpSession, type UdpCore, type UdpSession } from '../lanes/udp/udp-session.ts';
import type { Listener, ListenerIo } from './open-listener.ts';

/** What all UDP entry points share. */
export type UdpListenerParts = Omit<UdpCore, 'entryPoint' | 'accessLogs'> & {
  /** The router that takes new sessions. */
  readonly router: () => CompiledUdpRouter | undefined;
};

/** Silence is looked for so many times in its length. */
const sweepsPerTimeout = 10;

/** Listens, on the inherited socket if there is one, and reports where; undefined when it cannot. */
export async function openUdpListener(
  entryPoint: UdpEntryPoint,
  { router, ...parts }: UdpListenerParts,
  io: ListenerIo,
  inherited?: number,
): Promise<Omit<Listener, 'setTls'> | undefined> {
  const { name, host, port, timeoutMs } = entryPoint;
  const core: UdpCore = { ...parts, entryPoint: name, accessLogs: entryPoint.accessLogs };
  const sessions = createSessionBook<UdpSession>(entryPoint.maxSessions);
  let socket: Socket;
  try {
    socket = await bind(entryPoint, inherited);
  } catch (error) {
    io.onListenFailed(name, explainListenError(error, host, port));
    return undefined;
  }
  let onEmpty = (): void => {};
  let takesNew = true;
  let sweeps: NodeJS.Timeout | undefined;

  // A datagram that does not reach its client is lost, as datagrams are.
  const onSent = (): void => {};

  function begin(client: string, datagram: Buffer, { address, port: from }: RemoteInfo): void {
    const taker = takesNew ? router() : undefined;
    if (taker === undefined || !sessions.makeRoom()) return;
    const session = openUdpSession(
      core,
      taker,
      {
        address,
        port: from,
        answer: (answer) => socket.send(answer, from, address, onSent),
        onEnd: () => remove(client),
      },
      datagram,
    );
    if (session === undefined) return;
    sessions.add(client, session);
    sweeps ??= setInterval(sweep, Math.max(1, timeoutMs / sweepsPerTimeout)).unref();
  }

  function remove(client: string): void {
    sessions.remove(client);
    if (sessions.size > 0) return;
    clearInterval(sweeps);
    sweeps = undefined;
    onEmpty();
  }

  function sweep(): void {
    const oldest = performance.now() - timeoutMs;
    for (const session of sessions.all()) if (session.lastTick < oldest) session.end();
  }

  socket.on('message', (datagram, from) => {
    const client = `${from.address} ${from.port}`;
    const session = sessions.find(client);
    if (session?.take(datagram) !== true) begin(client, datagram, from);
    else if (!session.isProven && session.isAnswered) sessions.prove(client, session);
  });
  socket.on('error', (err) => parts.log.error({ entryPoint: name, err }, 'A UDP socket has failed.'));
  const { address, port: bound } = socket.address();
  io.onListening(name, address, bound);

  return {
    async drain(reason) {
      if (reason === 'end') await delay(entryPoint.requestAcceptGraceMs);
      takesNew = false;
      // The successor reads from the same socket: what this process took would be lost to it. Answers still go out.
      if (reason === 'handed-over') stopReceiving(socket);
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      const limit = setTimeout(() => {
        for (const session of [...sessions.all()]) session.end();
      }, entryPoint.graceTimeoutMs);
      if (sessions.size > 0) await empty;
      clearTimeout(limit);
      await socket[Symbol.asyncDispose]();
    },
  };
}

/** Without an inherited socket `host` is an address, or empty for all, of IPv6 too. */
function bind({ host, port, family, reusePort }: UdpEntryPoint, fd: number | undefined): Promise<Socket> {
  const isIpv6 = fd === undefined ? host === '' || host.includes(':') : family === 6;
  const type = isIpv6 ? 'udp6' : 'udp4';
  const where = fd === undefined ? { port, address: host || '::' } : { fd };
  const socket = createSocket({ type, reusePort, lookup: numericLookup });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(where, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
