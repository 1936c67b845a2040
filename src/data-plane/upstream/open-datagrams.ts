// Datagrams to and from one replica, for a client that has this port alone. The socket is connected, so that the kernel drops
// what comes from anybody else and tells of a port where nobody listens (ICMP).
import { createSocket } from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import { numericLookup } from '../../lib/numeric-lookup.ts';
import type { GatewayError } from '../../model/errors.ts';
import { toGatewayError } from './to-gateway-error.ts';

/** A port towards a replica. */
export type DatagramPort = {
  /** Sends in order, or loses: as datagrams do. The bytes are not to be changed any more. */
  send(datagram: Buffer): void;
  /** The user hears nothing more. */
  close(): void;
};

/** Who has it. */
export type DatagramUser = {
  onDatagram(datagram: Buffer): void;
  /** Last and once: the replica cannot be reached, or refuses. */
  onFail(error: GatewayError): void;
};

/** Datagrams that wait for a name to be resolved; more are lost. */
const maxWaiting = 16;

/** One datagram that cannot go out is lost, and the next one may do better. */
const lossCodes: ReadonlySet<string> = new Set(['EMSGSIZE', 'ENOBUFS', 'EAGAIN', 'EPERM', 'ENOMEM']);

/** Opens a port towards `udp://host:port`. */
export function openDatagrams(origin: string, user: DatagramUser): DatagramPort {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    ...(isIP(host) === 0 ? {} : { lookup: numericLookup }),
  });
  let waiting: Buffer[] | undefined = [];
  let isOver = false;

  const close = (): void => {
    if (isOver) return;
    isOver = true;
    // It may be closed by an error of its own while it is being bound.
    socket.removeAllListeners().on('error', () => {});
    socket.close();
  };
  const onSent = (error: Error | null): void => {
    if (error !== null) fail(error);
  };
  const fail = (error: Error): void => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (isOver || lossCodes.has(code)) return;
    close();
    user.onFail(toGatewayError(error, 'connecting'));
  };
  socket.on('message', (datagram) => user.onDatagram(datagram)).on('error', fail);
  socket.connect(Number(port), host, () => {
    const datagrams = waiting ?? [];
    waiting = undefined;
    for (const datagram of datagrams) socket.send(datagram, onSent);
  });

  return {
    send(datagram) {
      if (isOver) return;
      if (waiting === undefined) socket.send(datagram, onSent);
      else if (waiting.length < maxWaiting) waiting.push(datagram);
    },
    close,
  };
}
