// The client connections of one entry point: how old they are and how much runs on them, so that they can be closed by
// age, by number of requests, and at the end of the gateway.
import type { Socket } from 'node:net';
import { plainAddress } from '../../lib/plain-address.ts';
import type { ConnectionEnd, ProxiedEnds } from '../../lib/proxy-protocol.ts';

/** One client connection. */
export type Connection = {
  /** Of an encrypted connection the raw one, until its handshake is done. */
  socket: Socket;
  readonly openedTick: number;
  /** Without a port; IPv4 also on dual-stack sockets. */
  address: string;
  port: number;
  /** Where the client has connected to. */
  destination: ConnectionEnd;
  /** Requests so far. */
  requests: number;
  /** Requests whose response has not ended. */
  underWay: number;
  /** Nobody knows where the next request begins, or the client must not be believed: nothing more is served. */
  isGivenUp: boolean;
  /** Bytes between two that may stand still as long as they like. */
  isRelay: boolean;
  /** Tells the client to send no more, in protocols that can say so; it is asked instead of the connection being closed. */
  retire: (() => void) | undefined;
  /** Requests under way that want to hear of the client's end. */
  readonly endings: Set<Ending>;
};

/** How a request takes the end of its client. */
export type Ending = {
  /** The client has ended its side: for Node, nginx and Envoy it has left then. What is written still goes out. */
  onLeave(): void;
  /** The connection is closed. */
  onClose(): void;
};

/** When a connection is closed after a response. */
export type ConnectionLimits = {
  /** 0 for no limit. */
  readonly maxRequests: number;
  readonly maxAgeMs: number;
};

/** All open connections of an entry point. */
export type ConnectionBook = {
  of(socket: Socket): Connection;
  /** The connection is made by a proxy, which has said between whom. */
  place(socket: Socket, ends: ProxiedEnds): void;
  /** The connection goes on as the encrypted one: `of` knows it by that from now on. */
  secure(raw: Socket, encrypted: Socket): void;
  /** Whether the connection is to be closed after the response that is being written. */
  isLast(connection: Connection): boolean;
  /** The sockets of all connections whose clients have to take what is ready for them: all but relays. */
  sockets(): Iterable<Socket>;
  /** Whether `retire` has been called. */
  isRetired(): boolean;
  /** From now on every response is the last of its connection; connections that are idle close after `idleMs`. */
  retire(idleMs: number): void;
  /** Cuts what is left, or all of it but relays. */
  destroyAll(keepsRelays: boolean): void;
  /** Resolves once no connection is open. */
  whenEmpty(): Promise<void>;
};

/** Opens an empty book. */
export function createConnectionBook(limits: ConnectionLimits): ConnectionBook {
  const open = new Map<Socket, Connection>();
  let retired = false;
  const waiting: (() => void)[] = [];

  function enter(socket: Socket): Connection {
    const connection: Connection = {
      socket,
      openedTick: performance.now(),
      address: plainAddress(socket.remoteAddress ?? ''),
      port: socket.remotePort ?? 0,
      destination: { address: plainAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 },
      requests: 0,
      underWay: 0,
      isGivenUp: false,
      isRelay: false,
      retire: undefined,
      endings: new Set(),
    };
    open.set(socket, connection);
    socket.once('close', () => {
      open.delete(connection.socket);
      for (const ending of connection.endings) ending.onClose();
      if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
    });
    return connection;
  }

  /** Also those that have sent nothing yet: Node counts them as busy, and they would hold up the end. */
  function closeIdle(): void {
    for (const { socket, underWay, retire } of open.values()) {
      if (underWay === 0 && retire === undefined) socket.destroySoon();
    }
  }

  return {
    of: (socket) => open.get(socket) ?? enter(socket),
    place(socket, { source, destination }) {
      const connection = open.get(socket) ?? enter(socket);
      connection.address = source.address;
      connection.port = source.port;
      connection.destination = destination;
    },
    secure(raw, encrypted) {
      const connection = open.get(raw);
      if (connection === undefined) return;
      open.delete(raw);
      connection.socket = encrypted;
      open.set(encrypted, connection);
    },
    isLast(connection) {
      if (retired) return true;
      if (limits.maxRequests > 0 && connection.requests >= limits.maxRequests) return true;
      return limits.maxAgeMs > 0 && performance.now() - connection.openedTick >= limits.maxAgeMs;
    },
    *sockets() {
      for (const { socket, isRelay } of open.values()) if (!isRelay) yield socket;
    },
    isRetired: () => retired,
    retire(idleMs) {
      retired = true;
      for (const { retire } of open.values()) retire?.();
      if (idleMs === 0) closeIdle();
      else setTimeout(closeIdle, idleMs).unref();
    },
    destroyAll(keepsRelays) {
      for (const { socket, isRelay } of open.values()) if (!(keepsRelays && isRelay)) socket.destroy();
    },
    whenEmpty: () =>
      new Promise((resolve) => {
        if (open.size === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
